#include "replay/csv_results.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/units.hpp"

namespace outaged::replay {
namespace {

using namespace std::chrono_literals;

/// More probes than this are no probes, but a column that is not what its name says.
constexpr std::size_t kMostProbes = 10'000;
constexpr std::size_t kLongestName = 200;
constexpr double kLongestLatency = 3'600'000;  // ms

/// What a failed row means: the words of the column error_kind.
struct Kind {
  std::string_view word;
  ResultClass result_class;
  Layer layer;
  std::string_view detail;
};
constexpr std::array kKinds{
    Kind{"dns", ResultClass::platform_failure, Layer::dns, "the name could not be resolved"},
    Kind{"tcp", ResultClass::platform_failure, Layer::tcp, "no connection"},
    Kind{"tls", ResultClass::platform_failure, Layer::tls, "no secure connection"},
    Kind{"http_5xx", ResultClass::platform_failure, Layer::http, "HTTP 5xx"},
    Kind{"auth", ResultClass::platform_failure, Layer::api, "log-in refused"},
    Kind{"partial", ResultClass::platform_failure, Layer::content, "incomplete content"},
    Kind{"timeout", ResultClass::platform_failure, Layer::timeout, "no answer in time"},
    Kind{"rate_limited", ResultClass::our_fault, Layer::api, "our quota is used up"},
    Kind{"token_expired", ResultClass::our_fault, Layer::api, "our token has expired"},
    Kind{"blocked", ResultClass::blocked, Layer::http, "we are refused"},
    Kind{"", ResultClass::platform_failure, Layer::content, "failed"},
};

/// As a fault's message may show it.
std::string shown(std::string_view text) {
  return printable(text, 60);
}

std::string kinds_in_words() {
  std::string out;
  for (const Kind& kind : kKinds) out += kind.word.empty() ? "or nothing" : fmt::format("{}, ", kind.word);
  return out;
}

/// Splits a line at its commas. A quoted field's content is kept in `unquoted`.
void split(std::string_view line, std::vector<std::string_view>& fields, std::vector<std::string>& unquoted) {
  fields.clear();
  unquoted.clear();
  unquoted.reserve(line.size());  // the views must stay
  std::size_t at = 0;
  for (;;) {
    if (at < line.size() && line[at] == '"') {
      std::string& text = unquoted.emplace_back();
      for (++at;; ++at) {
        if (at >= line.size())
          throw std::invalid_argument("a quotation mark is not closed; allowed: \"…\", with \"\" for one inside");
        if (line[at] == '"' && (at + 1 >= line.size() || line[at + 1] != '"')) break;
        if (line[at] == '"') ++at;
        text += line[at];
      }
      ++at;
      fields.push_back(text);
      if (at < line.size() && line[at] != ',')
        throw std::invalid_argument("text behind a quoted field; allowed: a comma or the end of the line");
    } else {
      const auto end = std::min(line.find(',', at), line.size());
      fields.push_back(line.substr(at, end - at));
      at = end;
    }
    if (at >= line.size()) return;
    ++at;
  }
}

WallTime time_of(std::string_view text) {
  const auto time = parse_time(text);
  if (!time)
    throw std::invalid_argument(
        fmt::format("timestamp \"{}\"; allowed: RFC 3339 such as 2019-07-03T14:02:00Z", shown(text)));
  return *time;
}

Micros latency_of(std::string_view text) {
  if (text.empty()) return Micros{0};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= kLongestLatency))
    throw std::invalid_argument(
        fmt::format("latency_ms \"{}\"; allowed: milliseconds from 0 to {}", shown(text), kLongestLatency));
  return Micros{std::llround(value * 1000)};
}

}  // namespace

std::string CsvResults::here(const std::string& what) const {
  return fmt::format("{}: line {}: {}", path_, lines_.number(), what);
}

void CsvResults::read_header() {
  auto line = lines_.next();
  if (!line) throw std::invalid_argument("the file is empty; needed: a header");
  if (line->starts_with("\xEF\xBB\xBF")) line->remove_prefix(3);
  split(*line, fields_, unquoted_);
  const auto column = [this](std::string_view name, bool required) {
    const auto found = std::ranges::find(fields_, name);
    if (found == fields_.end() && required)
      throw std::invalid_argument(fmt::format(
          "no column {} in the header; needed: timestamp, platform, function, probe, ok, latency_ms, error_kind",
          name));
    return found == fields_.end() ? -1 : static_cast<int>(found - fields_.begin());
  };
  columns_ = {column("timestamp", true), column("platform", true),   column("function", true),   column("probe", true),
              column("ok", true),        column("latency_ms", true), column("error_kind", true), column("site", false)};
}

void CsvResults::begin() {
  lines_.rewind();
  read_header();
}

std::optional<Result> CsvResults::read() {
  std::optional<std::string_view> line;
  do {
    line = lines_.next();
    if (!line) return std::nullopt;
  } while (line->empty());
  split(*line, fields_, unquoted_);
  const auto field = [this](int column) -> std::string_view {
    if (static_cast<std::size_t>(column) >= fields_.size())
      throw std::invalid_argument(fmt::format("{} field(s); allowed: as many as the header has", fields_.size()));
    return fields_[static_cast<std::size_t>(column)];
  };

  Result result;
  result.at = time_of(field(columns_.timestamp));
  result.component = {std::string{field(columns_.platform)}, std::string{field(columns_.function)}};
  if (!parse_component(to_string(result.component)))
    throw std::invalid_argument(
        fmt::format("component \"{}\"; platform and function consist of lower-case letters, digits and inner hyphens",
                    shown(to_string(result.component))));
  result.probe.name = field(columns_.probe);
  if (result.probe.name.empty()) throw std::invalid_argument("probe \"\"; allowed: a name");
  if (columns_.site >= 0 && !one_site_) result.probe.name.append("@").append(field(columns_.site));
  if (printable(result.probe.name, kLongestName) != result.probe.name)
    throw std::invalid_argument(
        fmt::format("probe \"{}\"; allowed: up to {} printable bytes", shown(result.probe.name), kLongestName));
  result.took = latency_of(field(columns_.latency));
  const auto ok = field(columns_.ok);
  if (ok != "0" && ok != "1") throw std::invalid_argument(fmt::format("ok \"{}\"; allowed: 1 or 0", shown(ok)));
  const auto word = field(columns_.kind);
  const auto kind = std::ranges::find(kKinds, word, &Kind::word);
  if (kind == kKinds.end())
    throw std::invalid_argument(fmt::format("error_kind \"{}\"; allowed: {}", shown(word), kinds_in_words()));
  if (ok == "0") {
    result.result_class = kind->result_class;
    result.failure =
        Failure{kind->layer, std::nullopt, std::string{word.empty() ? "failed" : word}, std::string{kind->detail}};
    if (kind->layer == Layer::timeout) result.failure->phase = Phase::wait;
  }
  return result;
}

Expected<CsvResults, std::string> CsvResults::open(const std::string& path) {
  auto lines = Lines::open(path);
  if (!lines) return Unexpected{std::move(lines).error()};
  CsvResults csv{path, std::move(*lines)};
  try {
    csv.begin();
    if (csv.columns_.site >= 0) csv.count_sites();
    csv.find_probes();
    csv.begin();
  } catch (const std::invalid_argument& fault) {
    return Unexpected{csv.here(fault.what())};
  }
  return csv;
}

void CsvResults::count_sites() {
  std::string site;
  while (one_site_ && read()) {
    const std::string_view here = fields_.at(static_cast<std::size_t>(columns_.site));
    if (site.empty()) site = here;
    one_site_ = site == here;
  }
  begin();
}

void CsvResults::find_probes() {
  struct Seen {
    ComponentId component;
    WallTime first, last;
    int rows = 0;
  };
  std::map<std::string, Seen, std::less<>> probes;
  while (const auto result = read()) {
    auto found = probes.find(result->probe.name);
    if (found == probes.end()) {
      if (probes.size() == kMostProbes)
        throw std::invalid_argument(fmt::format("more than {} probes; allowed: up to {}", kMostProbes, kMostProbes));
      found = probes.emplace(result->probe.name, Seen{result->component, result->at, result->at, 0}).first;
    }
    Seen& seen = found->second;
    if (seen.component != result->component)
      throw std::invalid_argument(fmt::format("probe {} belongs to {} here and to {} above; allowed: one component",
                                              shown(result->probe.name), to_string(result->component),
                                              to_string(seen.component)));
    seen.last = std::max(seen.last, result->at);
    ++seen.rows;
  }
  for (const auto& [name, seen] : probes) {
    const Micros mean = seen.rows > 1 ? (seen.last - seen.first) / (seen.rows - 1) : Micros{60s};
    probes_.push_back({ProbeId{name}, seen.component, std::clamp<Micros>(mean, 1s, 1h), Tier::open, name});
  }
}

std::optional<Result> CsvResults::next() {
  return read();  // the faults were found when the file was opened
}

}  // namespace outaged::replay
