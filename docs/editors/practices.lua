-- Neovim: completes and checks the front matter of practices while you type. docs/editors.md says how to set it up.

local PRACTICE = vim.g.practices_schema or "http://127.0.0.1:8000/schema/practice.json"
local TRANSLATION = PRACTICE:gsub("practice%.json$", "translation.json")

local function last_line_of_fields(buffer)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 1, -1, false)) do
    if line:match("^%-%-%-+%s*$") then
      return number - 1
    end
  end
  return vim.api.nvim_buf_line_count(buffer)
end

-- The server takes what follows the front matter for YAML as well, and what it says of that is of no use.
local function only_of_fields(_, result, context, config)
  local buffer = vim.uri_to_bufnr(result.uri)
  if vim.api.nvim_buf_is_loaded(buffer) then
    local last = last_line_of_fields(buffer)
    result.diagnostics = vim.tbl_filter(function(one)
      return one.range.start.line <= last
    end, result.diagnostics)
  end
  vim.lsp.diagnostic.on_publish_diagnostics(_, result, context, config)
end

local client
local function attach(event)
  local is_practice = vim.fn.fnamemodify(event.match, ":p"):match("/practices/%l%l/[^/]+%.md$")
  if not is_practice then
    return
  end
  client = client
    or vim.lsp.start_client({
      name = "practices",
      cmd = { "yaml-language-server", "--stdio" },
      root_dir = vim.fn.getcwd(),
      handlers = { ["textDocument/publishDiagnostics"] = only_of_fields },
      get_language_id = function()
        return "yaml"
      end,
      settings = {
        redhat = { telemetry = { enabled = false } },
        yaml = {
          validate = true,
          completion = true,
          hover = true,
          format = { enable = false }, -- it would format the text, too
          schemaStore = { enable = false, url = "" },
          schemas = {
            [PRACTICE] = { "practices/*/*.md", "!practices/*/*.*.md" },
            [TRANSLATION] = "practices/*/*.??.md",
          },
        },
      },
    })
  vim.lsp.buf_attach_client(event.buf, client)
  vim.bo[event.buf].omnifunc = "v:lua.vim.lsp.omnifunc"
end

vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, { pattern = "*.md", callback = attach })
