#include "base/json/fault.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"

namespace outaged::json {
namespace {

constexpr std::size_t kShownText = 60;
constexpr std::size_t kLongestWord = 64;  // nobody means a longer one, and comparing costs its length

std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

/// Levenshtein, with a swap of neighbours as one edit.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  std::iota(cost[0].begin(), cost[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] =
          std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string to_string(const Fault& fault) {
  std::string text = fault.file;
  if (!fault.pointer.empty()) text += ": " + fault.pointer;
  text += ": found " + fault.found;
  if (!fault.allowed.empty()) text += "; allowed: " + fault.allowed;
  if (!fault.hint.empty()) text += " (" + fault.hint + ")";
  return text;
}

Cursor Cursor::at(std::string_view key) const {
  Cursor child = *this;
  child.pointer_ += "/" + escaped(key);
  return child;
}

Cursor Cursor::at(std::size_t index) const {
  Cursor child = *this;
  child.pointer_ += "/" + std::to_string(index);
  return child;
}

Cursor Cursor::into(Faults& faults) const {
  Cursor other = *this;
  other.faults_ = &faults;
  return other;
}

void Cursor::fault(std::string found, std::string allowed, std::string hint) const {
  faults_->push_back({file_, pointer_, std::move(found), std::move(allowed), std::move(hint)});
}

std::string describe(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return "a list";
    case Json::value_t::boolean: return value.get<bool>() ? "true" : "false";
    case Json::value_t::string: {
      // A fault is one line.
      auto text = printable(value.get_ref<const std::string&>(), kShownText);
      std::ranges::replace(text, '\n', ' ');
      return fmt::format("text \"{}\"", text);
    }
    default: return "number " + value.dump();
  }
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  if (word.size() > kLongestWord) return {};
  const auto distance = [word](const std::string& candidate) { return edit_distance(word, candidate); };
  const auto nearest = std::ranges::min_element(candidates, {}, distance);
  if (nearest == candidates.end() || distance(*nearest) > std::max<std::size_t>(1, word.size() / 3)) return {};
  return fmt::format("did you mean \"{}\"?", *nearest);
}

std::string list_of(std::span<const std::string> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += '"' + names[i] + '"';
  }
  return text;
}

}  // namespace outaged::json
