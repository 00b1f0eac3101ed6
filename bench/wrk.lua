-- Asks for one path after the other, and says at the end how it went in a line of JSON.
local paths = {}
for line in io.lines(os.getenv("BENCH_PATHS")) do
  paths[#paths + 1] = line
end

local number = 0

request = function()
  number = number % #paths + 1
  return wrk.format("GET", paths[number])
end

done = function(summary, latency, requests)
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    'BENCH {"requests": %d, "duration_us": %d, "bytes": %d, "status": %d, "broken": %d, "p50_us": %d, "p99_us": %d}\n',
    summary.requests, summary.duration, summary.bytes, summary.errors.status, broken,
    latency:percentile(50), latency:percentile(99)))
end
