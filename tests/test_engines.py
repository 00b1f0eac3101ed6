"""The contract of every engine."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from search import facets
from search.engines.whoosh_engine import WhooshEngine
from search.errors import EngineError
from search.facets import BARRIER, EVIDENCE, FACETS, LANGUAGE, REGION, STATUS, TOPIC, Facet, Years
from search.library import Library
from search.query import CompletionKind, NoteKind, SearchQuery, Sort
from tests.builders import make_practice

ENGINES = {"whoosh": WhooshEngine}


@pytest.fixture(params=ENGINES)
def engine(request, tmp_path, vocabulary):
    return ENGINES[request.param](tmp_path / "index", vocabulary)


def ids(results):
    return [hit.id for hit in results.hits]


def found(engine, text, **query):
    """The ids of what has every word."""
    return ids(engine.search(SearchQuery(text=text, **{"loosen": False, **query})))


def rebuilt(engine, *practices):
    engine.rebuild(practices)
    return engine


def translation(language, **changes):
    french = {
        "title": "Café de réparation entre voisins",
        "summary": "Des bénévoles aident leurs voisins à réparer ce qui est cassé.",
        "translated_by": "human",
        "language": language,
        "body": "## Problème\n\nOn jette trop.\n",
    }
    return {**french, **changes}


def test_without_an_index_there_is_no_answer(engine):
    with pytest.raises(EngineError, match="no index"):
        engine.search(SearchQuery())


def test_an_empty_collection_answers(engine):
    assert engine.rebuild([]) == 0
    assert engine.search(SearchQuery(text="skills")).total == 0
    assert engine.search(SearchQuery()).total == 0


def test_no_words_list_everything(engine):
    rebuilt(engine, make_practice(id="b"), make_practice(id="a"))
    assert found(engine, "") == ["a", "b"]


def test_every_word_must_occur_in_some_field(engine):
    rebuilt(
        engine,
        make_practice(id="both", title="Bicycle kitchen", keywords=["tools"]),
        make_practice(id="one", title="Bicycle parade"),
    )
    assert found(engine, "bicycle tools kitchen") == ["both"]


def test_practices_with_some_of_the_words_follow_where_few_have_every_one(engine):
    rebuilt(
        engine,
        make_practice(id="a", title="Apple press for the orchard"),
        make_practice(id="b", title="Apple press"),
        make_practice(id="c", title="Apple only"),
        make_practice(id="d", title="Nothing of it"),
    )
    results = engine.search(SearchQuery(text="apple press orchard"))
    assert (ids(results), results.every_word, results.total) == (["a", "b", "c"], 1, 3)
    assert engine.search(SearchQuery(text="apple")).every_word is None
    for sort in Sort:
        assert ids(engine.search(SearchQuery(text="apple press orchard", sort=sort)))[0] == "a"
    second = engine.search(SearchQuery(text="apple press orchard", size=1, page=2))
    assert (ids(second), second.every_word) == (["b"], 1)


def test_where_a_page_has_every_word_none_with_less_follows(engine):
    pressed = (make_practice(id=f"p{n:02}", title="Apple press") for n in range(20))
    rebuilt(engine, *pressed, make_practice(id="q", title="Apple only"))
    results = engine.search(SearchQuery(text="apple press"))
    assert (results.total, results.every_word) == (20, None)
    first = engine.search(SearchQuery(text="apple press", filters={BARRIER: frozenset({"finance"})}))
    assert first.without == {"barrier": 20}


def test_a_word_to_leave_out_stays_out_of_what_has_most(engine):
    rebuilt(engine, make_practice(id="a", title="Apple only"), make_practice(id="b", title="Apple cider"))
    assert ids(engine.search(SearchQuery(text="apple press -cider"))) == ["a"]


def test_a_word_in_the_title_counts_more_than_one_in_the_text(engine):
    body = "## Problem\n\nThe harbour and the harbour.\n"
    rebuilt(engine, make_practice(id="a-text", body=body), make_practice(id="b-title", title="A harbour for all"))
    assert found(engine, "harbour") == ["b-title", "a-text"]


def test_the_exact_title_is_first_whatever_else_says_it(engine):
    title = "Skills for repair"
    louder = make_practice(id="a", title="Skills for repair, skills for repair, repair", keywords=["skills", "repair"])
    rebuilt(engine, louder, make_practice(id="b", title=title))
    for text in (title, title.upper(), f'"{title}"', f"  {title} "):
        assert found(engine, text)[0] == "b", text


def test_a_concept_inside_a_phrase_is_not_what_was_asked_for(engine):
    rebuilt(engine, make_practice(id="a", title="Open talent shortage hearing"), make_practice(id="b"))
    results = engine.search(SearchQuery(text='"open talent shortage"'))
    assert (ids(results), results.also) == (["a"], ())


def test_the_title_at_home_is_a_title(engine):
    rebuilt(engine, make_practice(id="a", title_native={"de": "Reparaturtreff Wien"}), make_practice(id="b"))
    assert found(engine, "reparaturtreff wien") == ["a"]


@pytest.mark.parametrize("text", ["Brittany", "Bretagne", "bretagne", "BRETAGNE", "Bretaña", "FRH0"])
def test_the_name_of_a_region_finds_its_practices_first(engine, text):
    praise = "Brittany Bretagne Bretaña FRH0 " * 20
    rebuilt(
        engine,
        make_practice(id="a-visitor", body=f"## Problem\n\n{praise}\n", title="Brittany seen from Vienna"),
        make_practice(id="b-rennes", regions=["FRH0"]),
        make_practice(id="c-both", regions=["AT13", "FRH0"]),
    )
    assert found(engine, text)[:2] == ["b-rennes", "c-both"]


def test_accents_may_be_left_out_but_what_was_typed_ranks_first(engine):
    rebuilt(
        engine,
        make_practice(id="a-plain", title="Resume the work", language="en"),
        make_practice(id="b-accent", title="Résumé the work", language="en"),
    )
    assert found(engine, "résumé") == ["b-accent", "a-plain"]
    assert found(engine, "resume") == ["a-plain", "b-accent"]


def test_inflected_words_are_found_in_the_language_of_the_text(engine):
    rebuilt(engine, make_practice(id="fr", language="fr", title="Les écoles réparent"), make_practice(id="en"))
    assert found(engine, "école", lang="fr") == ["fr"]
    assert found(engine, "école", lang="en") == ["fr"]


def test_the_very_words_come_before_their_inflections(engine):
    inflected = make_practice(id="a", body="## Problem\n\nSchools and workshops, workshops and schools.\n")
    written = make_practice(id="b", body="## Problem\n\nA school has a workshop.\n")
    rebuilt(engine, inflected, written)
    assert found(engine, "workshop school") == ["b", "a"]


def test_words_that_say_nothing_decide_between_equals(engine):
    others = [make_practice(id=f"c{number}", body="## Problem\n\nPeople.\n") for number in range(4)]
    bodies = {"a": "Gliders fly now.", "b": "Gliders fly where."}
    equals = [make_practice(id=id, body=f"## Problem\n\n{text}\n") for id, text in bodies.items()]
    rebuilt(engine, *equals, *others)
    assert found(engine, "where gliders") == ["b", "a"]


def test_a_label_in_any_language_finds_the_barrier(engine):
    rebuilt(engine, make_practice(id="a", barriers=["skills"]), make_practice(id="b", barriers=["finance"]))
    assert found(engine, "pénurie de compétences", lang="fr") == ["a"]
    assert found(engine, "pomanjkanje znanj", lang="sl") == ["a"]


def test_phrases_are_words_next_to_each_other(engine):
    rebuilt(
        engine,
        make_practice(id="a", title="The open repair night"),
        make_practice(id="b", title="The repair of open doors"),
    )
    assert found(engine, '"open repair"') == ["a"]
    assert found(engine, '"OPEN Répair"') == ["a"]


def test_a_phrase_does_not_reach_from_one_text_into_the_next(engine):
    rebuilt(engine, make_practice(id="a", keywords=["alpha", "beta"]))
    assert found(engine, '"alpha beta"') == []


def test_a_minus_takes_away(engine):
    rebuilt(engine, make_practice(id="a", title="Open repair"), make_practice(id="b", title="Open kitchen"))
    assert found(engine, "open -kitchen") == ["a"]
    assert found(engine, "-kitchen") == ["a"]


def test_or_widens(engine):
    rebuilt(
        engine,
        make_practice(id="a", title="Apple press"),
        make_practice(id="b", title="Pear press"),
        make_practice(id="c", title="Plum press"),
    )
    assert sorted(found(engine, "apple OR pear")) == ["a", "b"]
    assert sorted(found(engine, "press apple OR pear")) == ["a", "b"]


@pytest.mark.parametrize("text", ["coordinati*", "COORDINATI*", "co*", "coordination*"])
def test_a_prefix_finds_whole_words_not_stems(engine, text):
    rebuilt(engine, make_practice(id="a", title="Coordination of repairs"))
    assert found(engine, text) == ["a"]


def test_a_prefix_is_found_without_its_accents(engine):
    rebuilt(engine, make_practice(id="a", title="Écoles ouvertes", language="fr"))
    assert found(engine, "ecol*") == found(engine, "écol*") == ["a"]


def test_a_prefix_that_is_a_language_finds_no_stems(engine):
    rebuilt(engine, make_practice(id="a", language="fr", title="Atelier", summary="x" * 40, body=""))
    assert found(engine, "fr:*") == []


def test_a_filter_narrows_and_leaves_scores_alone(engine):
    rebuilt(
        engine,
        make_practice(id="a", title="Open repair", barriers=["skills"]),
        make_practice(id="b", title="Open repair night", barriers=["finance"]),
    )
    everything = engine.search(SearchQuery(text="repair"))
    narrowed = engine.search(SearchQuery(text="repair", filters={BARRIER: frozenset({"finance"})}))
    assert ids(narrowed) == ["b"]
    assert narrowed.hits[0].score == next(hit.score for hit in everything.hits if hit.id == "b")


def test_filtering_by_a_country_finds_its_regions(engine):
    rebuilt(engine, make_practice(id="vienna", regions=["AT13"]), make_practice(id="ulm", regions=["DE14"]))
    assert ids(engine.search(SearchQuery(filters={REGION: frozenset({"AT"})}))) == ["vienna"]


def test_values_of_a_facet_widen_and_facets_narrow(engine):
    rebuilt(
        engine,
        make_practice(id="a", barriers=["skills"], status="running"),
        make_practice(id="b", barriers=["finance"], status="running"),
        make_practice(id="c", barriers=["trust"], status="running"),
        make_practice(id="d", barriers=["skills"], status="stopped"),
    )
    either = frozenset({"skills", "finance"})
    assert ids(engine.search(SearchQuery(filters={BARRIER: either}))) == ["a", "b", "d"]
    both = {BARRIER: either, STATUS: frozenset({"running"})}
    assert ids(engine.search(SearchQuery(filters=both))) == ["a", "b"]


def test_a_facet_is_counted_with_its_own_selection_lifted(engine):
    rebuilt(
        engine,
        make_practice(id="a", barriers=["skills"], status="running"),
        make_practice(id="b", barriers=["finance"], status="running"),
        make_practice(id="c", barriers=["finance"], status="stopped"),
    )
    results = engine.search(SearchQuery(filters={BARRIER: frozenset({"skills"}), STATUS: frozenset({"running"})}))
    assert results.total == 1
    assert results.facets["barrier"] == {"skills": 1, "finance": 1}
    assert results.facets["status"] == {"running": 1}
    assert results.without == {"barrier": 2, "status": 1}


def test_every_count_is_the_total_of_the_search_it_stands_for(engine):
    regions, barriers, statuses = (
        ["AT13", "AT12", "DE14", "FRH0"],
        ["skills", "finance", "trust"],
        ["running", "stopped"],
    )
    rebuilt(
        engine,
        *(
            make_practice(
                id=f"p{n}",
                title=f"Repair number {n}" if n % 3 else f"Kitchen number {n}",
                regions=[regions[n % 4], regions[n % 3]][: 1 + n % 2],
                barriers=[barriers[n % 3]],
                status=statuses[n % 2],
                topics=["talent"] if n % 5 == 0 else [],
                translations=[translation("fr")] if n % 7 == 0 else [],
                started=None if n % 4 == 3 else str(2000 + n % 20),
                ended=str(2005 + n % 20) if n % 6 == 0 else None,
            )
            for n in range(60)
        ),
    )
    searches = [
        SearchQuery(),
        SearchQuery(text="repair"),
        SearchQuery(text="repair", filters={BARRIER: frozenset({"skills"})}),
        SearchQuery(
            text="repair OR kitchen", filters={BARRIER: frozenset({"skills", "trust"}), REGION: frozenset({"AT"})}
        ),
        SearchQuery(text="number", filters={STATUS: frozenset({"stopped"}), TOPIC: frozenset({"talent"})}),
        SearchQuery(text="nothing", filters={STATUS: frozenset({"stopped"})}),
        SearchQuery(text="repair nothing number", filters={REGION: frozenset({"AT"})}),
        SearchQuery(text="kitchen repair number talent", filters={BARRIER: frozenset({"skills"})}),
        SearchQuery(text="kitchen repair", filters={TOPIC: frozenset({"talent"}), REGION: frozenset({"DE14"})}),
        SearchQuery(text="number 11 1 2", loosen=False),
        SearchQuery(years=Years(2004, 2008)),
        SearchQuery(text="repair", years=Years(None, 2010), filters={LANGUAGE: frozenset({"fr"})}),
        SearchQuery(text="repair kitchen", years=Years(2012), filters={STATUS: frozenset({"stopped"})}),
        SearchQuery(text="repair nothing number", years=Years(2019, 2019), filters={BARRIER: frozenset({"skills"})}),
    ]
    for query in searches:
        results = engine.search(query)
        for facet in FACETS:
            for value, count in results.facets[facet.name].items():
                alone = replace(query, filters={**query.filters, facet: frozenset({value})})
                assert engine.search(alone).total == count, (query, facet.name, value)
        for facet in query.filters:
            lifted = {other: values for other, values in query.filters.items() if other is not facet}
            assert results.without[facet.name] == engine.search(replace(query, filters=lifted)).total, (query, facet)
        if query.years:
            whenever = engine.search(replace(query, years=None))
            assert results.without[Years.name] == whenever.total, query


def test_what_names_no_year_is_kept_out_of_a_range_and_counted(engine):
    rebuilt(
        engine,
        make_practice(id="a", title="Open repair", started="2015-03", ended="2018-01-31"),
        make_practice(id="b", title="Open repair"),
        make_practice(id="c", title="Open repair", ended="2016"),
        make_practice(id="d", title="Open kitchen"),
    )
    always = engine.search(SearchQuery(text="repair", expand=False))
    since = SearchQuery(text="repair", years=Years(2015), expand=False)
    assert (always.total, always.undated) == (3, 0)
    results = engine.search(since)
    assert (ids(results), results.undated, results.without) == (["a"], 2, {"years": 3})
    assert results.facets["status"] == {"running": 1}
    filtered = engine.search(replace(since, text="", filters={STATUS: frozenset({"stopped"})}))
    assert (filtered.total, filtered.undated, filtered.without) == (0, 0, {"status": 1, "years": 0})


def test_of_what_has_only_most_of_the_words_those_without_a_year_are_counted_too(engine):
    rebuilt(
        engine,
        make_practice(id="a", title="Apple press", started="2015"),
        make_practice(id="b", title="Apple only"),
    )
    results = engine.search(SearchQuery(text="apple press", years=Years(2010)))
    assert (ids(results), results.undated, results.without) == (["a"], 1, {"years": 2})


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (Years(2012), ["ended", "runs"]),
        (Years(2012, 2012), ["ended", "runs"]),
        (Years(None, 2009), []),
        (Years(None, 2010), ["ended", "runs", "stopped"]),
        (Years(2010, 2011), ["ended", "runs", "stopped"]),
        (Years(2014, 2014), ["ended", "runs"]),
        (Years(2015), ["runs"]),
        (Years(2100), ["runs"]),
        (Years(1900, 2100), ["ended", "runs", "stopped"]),
    ],
)
def test_a_range_matches_what_was_active_in_one_of_its_years(engine, years, expected):
    rebuilt(
        engine,
        make_practice(id="ended", started="2010-05-01", ended="2014", status="finished"),
        make_practice(id="runs", started="2010", status="running"),
        make_practice(id="stopped", started="2010", status="stopped"),
        make_practice(id="undated"),
    )
    assert ids(engine.search(SearchQuery(years=years))) == expected


def test_a_practice_is_in_the_language_of_its_original_and_of_each_translation(engine):
    rebuilt(
        engine,
        make_practice(id="a", translations=[translation("fr")]),
        make_practice(id="b", language="uk", title_native={"fr": "Café"}),
    )
    assert ids(engine.search(SearchQuery(filters={LANGUAGE: frozenset({"fr"})}))) == ["a"]
    assert engine.search(SearchQuery()).facets["language"] == {"en": 1, "fr": 1, "uk": 1}


def test_the_name_of_a_language_finds_only_what_says_it(engine):
    rebuilt(engine, make_practice(id="a", language="el"), make_practice(id="b", keywords=["Greek"], language="en"))
    assert found(engine, "greek") == found(engine, "gre*") == ["b"]
    assert engine.search(SearchQuery(text="englisch")).total == 0


def test_a_new_filter_is_one_row(engine, monkeypatch):
    kind = Facet("kind", scheme="organisation-types", values=lambda p: filter(None, [p.organisation.type]))
    monkeypatch.setattr(facets, "FACETS", (*FACETS, kind))
    rebuilt(
        engine,
        make_practice(id="a", organisation={"name": "A club", "type": "association"}),
        make_practice(id="b", organisation={"name": "A town", "type": "public-body"}),
    )
    results = engine.search(SearchQuery(filters={kind: frozenset({"association"})}))
    assert ids(results) == ["a"]
    assert results.facets["kind"] == {"association": 1, "public-body": 1}
    assert found(engine, "verejný orgán") or found(engine, "public body") == ["b"]  # its labels are searched too


def test_pages_follow_one_another_without_gap_or_repetition(engine):
    rebuilt(engine, *(make_practice(id=f"p{n:02}") for n in range(45)))
    pages = [ids(engine.search(SearchQuery(text="repair", page=page))) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert sorted(id for page in pages for id in page) == [f"p{n:02}" for n in range(45)]


def test_a_page_after_the_last_has_no_hits(engine):
    rebuilt(engine, make_practice())
    results = engine.search(SearchQuery(text="repair", page=9))
    assert (results.total, results.hits) == (1, ())


def test_lists_can_be_ordered(engine):
    rebuilt(
        engine,
        make_practice(id="a", title="Zebra café", history={"created": "2024-01-01"}),
        make_practice(id="b", title="Ähre mill", results=[{"indicator": "x", "value": "1", "source": 1}]),
        make_practice(id="c", title="Moth café", history={"created": "2025-01-01"}),
    )
    assert found(engine, "", sort=Sort.TITLE) == ["b", "c", "a"]
    assert found(engine, "", sort=Sort.NEWEST) == ["c", "a", "b"]  # what git does not know comes last
    assert found(engine, "", sort=Sort.EVIDENCE) == ["b", "a", "c"]


def test_equals_stand_in_the_order_of_their_ids(engine):
    rebuilt(engine, *(make_practice(id=id) for id in ("c", "a", "b")))
    assert found(engine, "repair") == ["a", "b", "c"]


def test_a_practice_is_one_hit_in_all_its_languages(engine):
    rebuilt(engine, make_practice(id="a", translations=[translation("fr")]), make_practice(id="b"))
    results = engine.search(SearchQuery(text="voisins OR neighbours", reader="fr"))
    assert sorted(ids(results)) == ["a", "b"]
    assert results.facets["barrier"] == {"skills": 2}
    assert found(engine, "bénévoles", reader="en", expand=False) == ["a"]


def test_snippets_mark_what_matched_and_cut_no_word(engine):
    body = "## Problem\n\n" + "Nothing of note happens here at all. " * 30 + "Then the harbours opened, and more. " * 3
    rebuilt(engine, make_practice(body=body))
    snippet = engine.search(SearchQuery(text="harbour")).hits[0].snippet
    assert {piece.text for piece in snippet if piece.match} == {"harbours"}
    text = "".join(piece.text for piece in snippet)
    assert len(text) < 300
    words = set(body.split())
    assert set(text.replace("…", "").split()) <= words | {word.rstrip(".,") for word in words}


def test_a_snippet_is_in_the_readers_language(engine):
    rebuilt(engine, make_practice(translations=[translation("fr", body="## Problème\n\nLe café du quartier.\n")]))
    snippet = engine.search(SearchQuery(text="café", lang="fr", reader="fr")).hits[0].snippet
    assert "".join(piece.text for piece in snippet) == "Le café du quartier."


def test_a_hit_says_why(engine):
    rebuilt(
        engine,
        make_practice(
            title="Repairs for all", body="", summary="No word of it is in here, only others that say nothing."
        ),
    )
    why = engine.search(SearchQuery(text="repair", expand=False)).hits[0].why
    assert [(one.field, one.form, one.term) for one in why] == [("title", "stem", "repair")]


def test_a_misspelt_word_gets_an_offer(engine):
    rebuilt(engine, make_practice(title="Voucher for audits"))
    suggestions = engine.search(SearchQuery(text='new vouhcer "x"')).suggestions
    assert [(one.word, one.nearest, one.text) for one in suggestions] == [("vouhcer", "voucher", 'new voucher "x"')]


def test_where_nothing_is_found_the_nearest_is_searched(engine):
    rebuilt(engine, make_practice(id="a", title="Voucher for audits"), make_practice(id="b"))
    results = engine.search(SearchQuery(text="vouhcer", expand=False))
    assert (ids(results), results.searched) == (["a"], "voucher")
    with_filter = engine.search(SearchQuery(text="vouhcer", filters={BARRIER: frozenset({"finance"})}))
    assert (with_filter.total, with_filter.searched) == (0, "voucher")  # not what a filter leaves decides
    assert results.facets["barrier"] == {"skills": 1}
    assert engine.search(SearchQuery(text="vouhcer repair")).searched == ""


def test_the_nearest_spelling_of_one_word_of_several_decides_their_order(engine):
    rebuilt(
        engine,
        make_practice(
            id="both", title="Voucher and orchard", summary="Nothing else of what is asked for stands in here."
        ),
        make_practice(
            id="long", title="Orchard orchard", summary="Only the orchard stands in here, orchard by orchard."
        ),
        make_practice(id="near", title="Voucher", summary="Nothing else of what is asked for stands in here at all."),
    )
    results = engine.search(SearchQuery(text="vouhcer orchard", expand=False))
    assert ids(results)[0] == "both"
    assert "long" in ids(results)
    assert results.every_word == 0  # a near spelling is not the word
    assert (results.searched, [one.text for one in results.suggestions]) == ("", ["voucher orchard"])
    assert [(one.form, one.term) for one in results.hits[0].why] == [("exact", "orchard"), ("concept", "voucher")]


def test_a_word_of_a_label_is_spelt_right_though_no_practice_has_it(engine):
    rebuilt(engine, make_practice(title="Fragen an Betriebe"))
    assert engine.search(SearchQuery(text="Frauen Betriebe", lang="de")).suggestions == ()
    assert engine.search(SearchQuery(text="Frqgen Betriebe", lang="de")).suggestions != ()


def test_words_that_name_a_concept_find_others_that_name_it(engine):
    rebuilt(
        engine,
        make_practice(id="own", summary="Il y a une pénurie de talents ici, et tout le monde le dit chaque jour."),
        make_practice(
            id="other", summary="The talent shortage is felt by every company of the region, large or small."
        ),
        make_practice(id="none"),
    )
    results = engine.search(SearchQuery(text="pénurie de talents", lang="fr", reader="fr"))
    assert ids(results)[:2] == ["own", "other"]
    assert ("summary", "concept") in [(one.field, one.form) for one in results.hits[1].why]
    (also,) = results.also
    assert "talent shortage" in also.labels
    own = engine.search(SearchQuery(text="pénurie de talents", lang="fr", expand=False))
    assert (ids(own)[0], own.also) == ("own", ())


def test_the_counts_of_filters_include_what_other_words_find(engine):
    rebuilt(
        engine,
        make_practice(id="a", regions=["AT13"], summary="A voucher pays the audit of every small company in town."),
        make_practice(id="b", regions=["DE14"], summary="Un chèque paie l’audit de chaque petite entreprise ici."),
    )
    results = engine.search(SearchQuery(text="chèque", lang="fr"))
    assert results.facets["region"] != {}
    for code, count in results.facets["region"].items():
        query = SearchQuery(text="chèque", lang="fr", filters={REGION: frozenset({code})})
        assert engine.search(query).total == count


def test_a_filter_never_makes_a_list_longer(engine):
    practices = [make_practice(id=f"a{n}", title="Apple press", regions=["AT13"]) for n in range(25)]
    practices += [make_practice(id=f"b{n}", title="Apple", regions=["DE14"]) for n in range(25)]
    rebuilt(engine, *practices)
    results = engine.search(SearchQuery(text="apple press"))
    assert (results.total, results.every_word) == (25, None)
    assert "DE" not in results.facets["region"]
    filtered = engine.search(SearchQuery(text="apple press", filters={REGION: frozenset({"DE"})}))
    assert (filtered.total, filtered.without) == (0, {"region": 25})


def test_a_phrase_is_marked_where_its_words_stand_together(engine):
    rebuilt(engine, make_practice(id="a", summary="A security audit is more than an audit, and security is more too."))
    why = engine.search(SearchQuery(text='"security audit"')).hits[0].why
    assert ("summary", "exact", "security audit") in [(one.field, one.form, one.term) for one in why]


def test_a_word_of_a_longer_synonym_is_not_that_synonym(engine):
    rebuilt(engine, make_practice(id="a", instruments=["matchmaking"]), make_practice(id="b", body="breakfast " * 9))
    assert found(engine, "breakfast", expand=False) == ["b"]
    assert "a" in found(engine, '"business breakfast"')


def test_not_in_capitals_leaves_out(engine):
    rebuilt(engine, make_practice(id="a", title="Apple press"), make_practice(id="b", title="Apple pie"))
    assert found(engine, "apple NOT press") == ["b"]
    assert found(engine, "apple AND press") == ["a"]


def test_words_that_say_nothing_need_not_be_there(engine):
    rebuilt(engine, make_practice(id="a", summary="Neighbours mend what is broken, at one table, once a month."))
    assert found(engine, "how do the neighbours mend", lang="en") == ["a"]
    assert found(engine, "what", lang="en") == ["a"]  # nothing else was asked


def test_an_unknown_compound_is_asked_by_its_parts(engine):
    summary = "Ein Gutschein bezahlt mehr Sicherheit, und jeder Betrieb der Stadt bekommt ihn auch."
    rebuilt(engine, make_practice(id="a", language="de", summary=summary))
    assert found(engine, "Sicherheitsgutschein", lang="de") == ["a"]
    assert found(engine, "Sicherheitsgutschein", lang="en") == ["a"]  # whatever the language of the page
    assert found(engine, "Sicherheitsxyz", lang="de") == []


def test_an_inflection_of_a_known_word_is_no_compound(engine):
    rebuilt(
        engine,
        make_practice(id="a", language="et", summary="Uus seadus lubab seda kõigile, kes tahavad asju ise parandada."),
        make_practice(id="b", language="et", summary="Iga test näitab kohe kõigile, kes tahavad asju ise parandada."),
    )
    assert found(engine, "seadustest", lang="et") == ["a"]  # "from laws", not a law and a test


def test_a_word_typed_without_accents_finds_inflections(engine):
    rebuilt(
        engine,
        make_practice(id="a", language="sk", summary="V tejto škole sa učia všetci, ktorí chcú vedieť viac o oprave."),
        make_practice(id="b", language="sk", summary="Do školy chodia všetci, ktorí chcú vedieť viac o oprave vecí."),
    )
    assert sorted(found(engine, "skoly", lang="sk")) == ["a", "b"]


def test_a_word_near_nothing_gets_no_offer(engine):
    rebuilt(engine, make_practice())
    assert engine.search(SearchQuery(text="xylophonically")).suggestions == ()


def test_what_was_ignored_is_said(engine):
    rebuilt(engine, make_practice())
    assert [note.kind for note in engine.search(SearchQuery(text="a*")).notes] == [NoteKind.PREFIX_TOO_SHORT]


def suggested(engine, text, lang="en", size=20, kind=CompletionKind.PRACTICE):
    """The ids of what is suggested of a kind."""
    return [one.id for one in engine.snapshot().suggest(text, lang, size) if one.kind is kind]


@pytest.mark.parametrize("text", ["r", "rep", "répair", "NIGHT", "open ni", "night open", "the open repair night", "n"])
def test_who_types_is_suggested_titles_with_all_these_words_the_last_as_a_beginning(engine, text):
    rebuilt(engine, make_practice(title="The open Repair night"))
    assert suggested(engine, text) == ["repair-cafe"]


@pytest.mark.parametrize("text", ["", " ", "-", "pair", "op repair", "open kitchen", "repairs", "volunteers"])
def test_no_title_is_suggested_for_other_words(engine, text):
    rebuilt(engine, make_practice(title="The open repair night"))
    assert suggested(engine, text) == []


def test_a_practice_is_suggested_once_by_the_title_that_fits_in_the_readers_language_first(engine):
    rebuilt(
        engine,
        make_practice(title="Café for repair", title_native={"de": "Café Reparatur"}, translations=[translation("fr")]),
    )

    def shown(text, lang):
        return [(one.text, one.lang) for one in engine.snapshot().suggest(text, lang, 20) if one.id == "repair-cafe"]

    assert shown("cafe", "en") == [("Café for repair", "en")]
    assert shown("cafe", "fr") == [("Café de réparation entre voisins", "fr")]
    assert shown("cafe", "de") == [("Café Reparatur", "de")]
    assert shown("voisins", "en") == [("Café de réparation entre voisins", "fr")]


def test_the_best_suggestion_comes_first(engine):
    rebuilt(
        engine,
        make_practice(id="a-word-goes-on", title="Our harbours"),
        make_practice(id="b-word", title="Our harbour night"),
        make_practice(id="c-begins-goes-on", title="Harbours of the north"),
        make_practice(id="d-begins", title="Harbour of the north"),
        make_practice(id="e-title", title="Harbour"),
    )
    best = ["e-title", "d-begins", "c-begins-goes-on", "b-word", "a-word-goes-on"]
    assert suggested(engine, "harbour") == best
    assert suggested(engine, "harbour", size=2) == best[:2]


@pytest.mark.parametrize("text", ["Brittany", "bretagne", "Bretaña", "FRH0", "frh0"])
def test_a_region_is_suggested_by_each_of_its_names_before_titles(engine, text):
    rebuilt(engine, make_practice(title=f"{text} seen from Vienna"))
    first = engine.snapshot().suggest(text, "en", 8)[0]
    assert (first.kind, first.id, first.text, first.lang) == (CompletionKind.REGION, "FRH0", "Brittany", "en")
    assert suggested(engine, text) == ["repair-cafe"]


def test_a_code_that_is_no_longer_used_leads_to_what_took_its_place(engine):
    rebuilt(engine, make_practice())
    assert suggested(engine, "NL31", kind=CompletionKind.REGION) == ["NL35"]
    assert suggested(engine, "GR30", kind=CompletionKind.REGION)[0] == "EL30"


@pytest.mark.parametrize("text", ["lack of skills", "skills gap", "Pénurie de compétences", "pomanjkanje znanj"])
def test_a_barrier_is_suggested_by_labels_and_synonyms_in_any_language(engine, text):
    rebuilt(engine, make_practice())
    first = engine.snapshot().suggest(text, "en", 8)[0]
    assert (first.kind, first.id, first.text, first.lang) == (CompletionKind.BARRIER, "skills", "Lack of skills", "en")


def test_labels_of_other_vocabularies_and_words_of_the_texts_are_terms(engine):
    rebuilt(engine, make_practice(id="a", body="## Problem\n\nBlacksmiths and a café.\n"), make_practice(id="b"))
    terms = [(one.id, one.text) for one in engine.snapshot().suggest("cybers", "en", 8)]
    assert ("cybersecurity", "Cybersecurity") in terms
    assert [one.text for one in engine.snapshot().suggest("blacks", "en", 8)] == ["blacksmiths"]
    assert suggested(engine, "blacksmiths", kind=CompletionKind.TERM) == []  # it is typed already


def test_a_term_that_two_vocabularies_have_is_suggested_once(engine):
    rebuilt(engine, make_practice())
    found = [one.text for one in engine.snapshot().suggest("public procurement", "en", 20)]
    assert found.count("Public procurement") == 1


def test_no_kind_of_suggestion_drowns_the_others(engine):
    same = {"regions": ["SE11"], "barriers": ["skills"], "topics": ["smart-specialisation"]}
    rebuilt(engine, *(make_practice(id=f"p{n:02}", title=f"Sounds {n}", **same) for n in range(30)))
    kinds = [one.kind for one in engine.snapshot().suggest("s", "en", 8)]
    assert kinds.count(CompletionKind.PRACTICE) >= 4
    assert set(kinds) == set(CompletionKind)


def test_names_that_no_practice_has_come_last(engine):
    rebuilt(engine, make_practice(title="A night in Vienna"))
    first, *others = engine.snapshot().suggest("ni", "en", 20)
    assert first.id == "repair-cafe"
    assert CompletionKind.REGION in {one.kind for one in others}
    assert engine.snapshot().suggest("Estonia", "en", 20)[0].id == "EE"


def test_suggestions_follow_what_changes(engine):
    rebuilt(engine, *(make_practice(id=f"p{n}", title=f"Harbour {n}") for n in range(40)))
    engine.update([make_practice(id="p1", title="Beach"), make_practice(id="q", title="Harbour new")], ["p2"])
    assert suggested(engine, "harbour", size=100) == [*sorted({f"p{n}" for n in range(40)} - {"p1", "p2"}), "q"]
    assert suggested(engine, "beach") == ["p1"]


def test_an_empty_collection_suggests_names(engine):
    engine.rebuild([])
    assert suggested(engine, "skills gap", kind=CompletionKind.BARRIER) == ["skills"]
    assert suggested(engine, "repair") == []


def test_rebuilding_replaces_everything(engine):
    rebuilt(engine, make_practice(id="a"))
    before = engine.snapshot()
    rebuilt(engine, make_practice(id="b"))
    assert found(engine, "repair") == ["b"]
    assert engine.snapshot().generation != before.generation
    assert ids(before.search(SearchQuery(text="repair"))) == ["a"]  # who began on the old one ends on it


def test_a_snapshot_has_the_practices_that_it_searches(engine):
    library = Library([make_practice(id="a", history={"created": "2024-01-01"})])
    engine.rebuild(library, about={"fingerprint": "x"})
    snapshot = engine.snapshot()
    assert list(snapshot.library) == list(library)
    assert snapshot.about["fingerprint"] == "x"


def test_a_failed_build_leaves_the_old_index(engine, monkeypatch):
    rebuilt(engine, make_practice(id="a"))

    def practices():
        yield make_practice(id="b")
        raise OSError("no space left on device")

    with pytest.raises((EngineError, OSError)):
        engine.rebuild(practices())
    assert found(engine, "") == ["a"]


def test_threads_search_while_another_rebuilds(engine):
    rebuilt(engine, *(make_practice(id=f"p{n}") for n in range(5)))
    wrong: list[object] = []
    stop = threading.Event()

    def search():
        while not stop.is_set():
            total = engine.search(SearchQuery(text="repair")).total
            if total not in {5, 7}:
                wrong.append(total)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        rebuilt(engine, *(make_practice(id=f"p{n}") for n in range(7)))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_evidence_is_a_filter(engine):
    figure = {"indicator": "x", "value": "1", "source": 1}
    rebuilt(engine, make_practice(id="a"), make_practice(id="b", results=[figure]))
    assert ids(engine.search(SearchQuery(filters={EVIDENCE: frozenset({"measured"})}))) == ["b"]


def test_a_new_generation_that_cannot_be_read_leaves_the_last_good_one(engine, tmp_path):
    assert engine.is_damaged()  # there is none
    rebuilt(engine, make_practice(id="a"))
    assert found(engine, "") == ["a"]
    assert not engine.is_damaged()
    other = type(engine)(tmp_path / "index", engine._vocabulary)
    rebuilt(other, make_practice(id="b"))
    for path in (tmp_path / "index" / "generation-000002").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    assert found(engine, "") == ["a"]
    assert engine.is_damaged()
    rebuilt(other, make_practice(id="c"))
    assert found(engine, "") == ["c"]
    assert not engine.is_damaged()


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Fachkräftemangel", "There is a shortage of specialists in every company of the town, large or small."),
        ("Gutschein", "Un chèque paie l’audit de chaque petite entreprise de la ville, une fois par an."),
        ("Cybersicherheitsgutschein", "A voucher for cybersecurity, which every small company of the town can have."),
        ("Frauen in der IT", "Women in technology meet at one table, once a month, and mend what is broken."),
    ],
)
def test_german_words_find_texts_in_other_languages(engine, text, summary):
    rebuilt(engine, make_practice(id="a", summary=summary), make_practice(id="b"))
    assert ids(engine.search(SearchQuery(text=text, lang="de", reader="de")))[:1] == ["a"]


def test_similar_practices_share_something_and_say_what(engine):
    words = "bicycle workshop " * 5
    alike = {"title": "Bicycle workshop", "summary": words, "body": words, "barriers": ["finance"]}
    others = (
        make_practice(id=f"other{n}", title=f"Number{n}", summary=f"w{n} " * 20, body=f"w{n}", barriers=["trust"],
                      organisation={"name": f"o{n}"})
        for n in range(5)
    )  # fmt: skip
    rebuilt(engine, make_practice(id="b", **alike), make_practice(id="a", **alike), *others)
    snapshot = engine.snapshot()
    (found,) = snapshot.similar("a")
    assert found.id == "b"
    assert found.values == (("barrier", "finance"),)
    assert found.score > 0
    assert {"bicycle", "workshop"} <= set(found.words)
    assert found.lang == "en"
    assert [one.id for one in snapshot.similar("other0", 3)] == ["other1", "other2", "other3"]
    assert [one.id for one in snapshot.similar("other0", 1)] == ["other1"]


def test_similar_practices_of_one_that_there_is_not_are_none(engine):
    rebuilt(engine, make_practice(id="a"))
    assert engine.snapshot().similar("a") == ()
    with pytest.raises(KeyError):
        engine.snapshot().similar("b")


def test_similar_practices_follow_an_update(engine):
    rebuilt(engine, make_practice(id="a"), make_practice(id="b"), make_practice(id="c"))
    engine.update([make_practice(id="d")], ["b"])
    assert [one.id for one in engine.snapshot().similar("a")] == ["c", "d"]
