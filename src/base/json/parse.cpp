#include "base/json/parse.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json/layout.hpp"

namespace outaged::json {
namespace {

constexpr Bytes kMaxFileSize{16ULL << 20};
constexpr int kMaxFileDepth = 128;

struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};

Position position_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto line_start = before.rfind('\n');
  return {1 + static_cast<std::size_t>(std::ranges::count(before, '\n')),
          1 + before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1)};
}

/// Why parsing ended early, noted from within the parser's callback.
struct Refusal {
  bool too_deep = false;
  std::string duplicate_key;
};

/// Parses with a depth limit and without duplicate keys; a discarded value when refused or malformed.
Json parse_bounded(std::string_view text, int max_depth, bool comments, bool throwing, Refusal& refusal) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
    const bool opens = event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
    if (opens && depth >= max_depth) refusal.too_deep = true;
    if (refusal.too_deep) return false;
    switch (event) {
      case Json::parse_event_t::object_start: keys.emplace_back(); break;
      case Json::parse_event_t::object_end: keys.pop_back(); break;
      case Json::parse_event_t::key:
        if (!keys.back().insert(value.get<std::string>()).second && refusal.duplicate_key.empty())
          refusal.duplicate_key = value.get<std::string>();
        break;
      default: break;
    }
    return true;
  };
  return Json::parse(text, watch, throwing, comments);
}

/// The lines are known unless one of the keys is written with escapes.
Fault duplicate_fault(const std::string& file, const std::string& key, const Layout& layout) {
  std::string found = fmt::format("the key \"{}\" twice in one object", key);
  if (layout.twice && layout.twice->key == key)
    found += fmt::format(", in line {} and in line {}", layout.twice->first_line, layout.twice->second_line);
  return {file, "", std::move(found), "each key once: put the entries of both into one", ""};
}

}  // namespace

Expected<Json, Fault> parse_file_text(std::string_view text, const std::string& file) {
  Refusal refusal;
  const Layout layout = layout_of(text);
  try {
    Json value = parse_bounded(layout.text, kMaxFileDepth, true, true, refusal);
    if (refusal.too_deep) return Unexpected{Fault{file, "", "too many levels of nesting", "at most 128", ""}};
    if (!refusal.duplicate_key.empty()) return Unexpected{duplicate_fault(file, refusal.duplicate_key, layout)};
    return value;
  } catch (const Json::parse_error& error) {
    const auto [line, column] = position_of(text, error.byte == 0 ? 0 : error.byte - 1);
    // nlohmann's message repeats the position before its last ": "; what follows is the reason.
    const std::string_view what = error.what();
    const auto reason = what.find(": ");
    return Unexpected{Fault{file, "",
                            fmt::format("a syntax error at line {}, column {}: {}", line, column,
                                        reason == std::string_view::npos ? what : what.substr(reason + 2)),
                            "JSON, with // and /* */ comments; a comma after the last entry does no harm", ""}};
  } catch (const Json::out_of_range&) {
    return Unexpected{Fault{file, "", "a number that is too large", "numbers up to about 1.8e308", ""}};
  }
}

Expected<Json, Fault> parse_file(const std::string& path) {
  auto text = read_file(path, kMaxFileSize);
  if (!text) return Unexpected{Fault{path, "", "a file that " + text.error(), "a readable JSON file", ""}};
  return parse_file_text(*text, path);
}

Expected<Json, std::string> parse_untrusted(std::string_view text, int max_depth) {
  Refusal refusal;
  Json value = parse_bounded(text, max_depth, false, false, refusal);
  if (refusal.too_deep) return Unexpected{fmt::format("JSON nested deeper than {} levels", max_depth)};
  if (value.is_discarded()) return Unexpected{std::string{"not valid JSON"}};
  return value;
}

}  // namespace outaged::json
