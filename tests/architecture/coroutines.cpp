#include "architecture/coroutines.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <regex>

#include <fmt/format.h>

namespace outaged::architecture {
namespace {

constexpr std::string_view kAwait = "co_await";

/// Offsets of a word in code.
std::vector<std::size_t> occurrences(std::string_view code, std::string_view word) {
  std::vector<std::size_t> out;
  for (auto at = code.find(word); at != std::string_view::npos; at = code.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word(code[at - 1]);
    const bool ends = at + word.size() == code.size() || !is_word(code[at + word.size()]);
    if (starts && ends) out.push_back(at);
  }
  return out;
}

/// What stands in the statement before `at`, or nothing when `at` is inside brackets.
std::optional<std::string_view> before_in_statement(std::string_view code, std::size_t at) {
  int depth = 0;
  std::size_t begin = at;
  while (begin > 0) {
    const char c = code[begin - 1];
    if (c == ')' || c == ']') ++depth;
    if (c == '(' || c == '[') --depth;
    if (depth < 0) return std::nullopt;
    if (depth == 0 && (c == ';' || c == '{' || c == '}')) break;
    --begin;
  }
  return trimmed(code.substr(begin, at - begin));
}

/// Without `if (…)`, `while (…)`, `for (…)`, `else`, `do` and labels in front.
std::string_view without_control(std::string_view text) {
  static const std::regex control{R"(^(if|while|for)\s*(?=\())"};
  static const std::regex word{R"(^(else\b|do\b|default\s*:|case\s+[\w:]+\s*:(?!:))\s*)"};
  for (;;) {
    std::cmatch match;
    if (std::regex_search(text.begin(), text.end(), match, control)) {
      const auto end = closing(text, static_cast<std::size_t>(match.length()));
      if (end == std::string_view::npos) return text;
      text = trimmed(text.substr(end + 1));
    } else if (std::regex_search(text.begin(), text.end(), match, word)) {
      text = trimmed(text.substr(static_cast<std::size_t>(match.length())));
    } else {
      return text;
    }
  }
}

bool may_precede_await(std::string_view text) {
  // A declaration with one name, a structured binding, or an assignment to a name or member.
  static const std::regex declaration{R"(^(const\s+)?[\w:]+(<[\w:<>,\s*]*>)?\s*[&*]{0,2}\s+[&*]{0,2}\w+\s*=$)"};
  static const std::regex binding{R"(^(const\s+)?auto\s*&{0,2}\s*\[[\w,\s]+\]\s*=$)"};
  static const std::regex assignment{R"(^\*?[\w.]+(->[\w.]+)*\s*=$)"};
  const std::string_view rest = without_control(text);
  if (rest.empty()) return true;
  const auto matches = [&](const std::regex& form) { return std::regex_match(rest.begin(), rest.end(), form); };
  return matches(declaration) || matches(binding) || matches(assignment);
}

/// What is wrong with the awaited expression, or "".
std::string fault_of(std::string_view expression) {
  constexpr std::array<std::string_view, 6> kForbidden{"{", "}", "?", "&&", "||", kAwait};
  for (const std::string_view token : kForbidden) {
    if (expression.find(token) != std::string_view::npos) return fmt::format("has {} in it", token);
  }
  for (std::size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] != '[') continue;
    const std::string_view before = trimmed(expression.substr(0, i));
    const bool index = !before.empty() && (is_word(before.back()) || before.back() == ')' || before.back() == ']');
    if (!index) return "has a lambda in it";
  }
  return {};
}

/// Parameters between the brackets, split at the commas of this level.
std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> out;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i < list.size() && std::string_view{"(<{["}.find(list[i]) != std::string_view::npos) ++depth;
    if (i < list.size() && std::string_view{")>}]"}.find(list[i]) != std::string_view::npos) --depth;
    if (i < list.size() && (list[i] != ',' || depth != 0)) continue;
    if (const auto part = trimmed(list.substr(begin, i - begin)); !part.empty()) out.push_back(part);
    begin = i + 1;
  }
  return out;
}

/// A type that refers to something else's memory: &, string_view, span. Inside <> and () it is another matter.
bool is_reference(std::string_view parameter) {
  static const std::regex view{R"(\b(\w*string_view|span)\b)"};
  std::string outer;
  int depth = 0;
  for (const char c : parameter) {
    if (c == '<' || c == '(') ++depth;
    if (depth == 0) outer += c;
    if (c == '>' || c == ')') --depth;
  }
  outer.resize(std::min(outer.find('='), outer.size()));  // a default value
  return outer.find('&') != std::string::npos || std::regex_search(outer, view);
}

/// The offset of the '(' that the ')' at `close` closes, or npos.
std::size_t opening(std::string_view code, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close + 1; i-- > 0;) {
    if (code[i] == ')') ++depth;
    if (code[i] == '(' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

/// Where the '(' is of the parameters of the function whose result, awaitable<…>, takes up [begin, end]; or npos.
std::size_t parameters_of(std::string_view code, std::size_t begin, std::size_t end) {
  const std::string_view before = trimmed(code.substr(0, begin));
  if (before.ends_with("->")) {  // (…) -> awaitable<…>
    const auto close = code.substr(0, begin).rfind(')');
    return close == std::string_view::npos ? close : opening(code, close);
  }
  // awaitable<…> f(…), or the type awaitable<…>(…)
  const auto name = [](char c) { return is_word(c) || std::string_view{" \n\t:~"}.find(c) != std::string_view::npos; };
  const auto at = static_cast<std::size_t>(std::ranges::find_if_not(code.substr(end + 1), name) - code.begin());
  return at < code.size() && code[at] == '(' ? at : std::string_view::npos;
}

}  // namespace

Complaints check_awaits(const Source& source) {
  const std::string code = code_only(source.text);
  Complaints out;
  for (const std::size_t at : occurrences(code, kAwait)) {
    const std::size_t line = line_of(code, at);
    const auto before = before_in_statement(code, at);
    if (!before || !may_precede_await(*before)) {
      out.push_back({source.path, line, "co_await is neither a statement of its own nor an initialiser"});
      continue;
    }
    const std::size_t from = at + kAwait.size();
    const std::string fault = fault_of(std::string_view{code}.substr(from, code.find(';', from) - from));
    if (!fault.empty()) out.push_back({source.path, line, "the co_await expression " + fault});
  }
  return out;
}

Complaints check_coroutine_parameters(const Source& source) {
  const std::string code = code_only(source.text);
  Complaints out;
  for (const std::size_t at : occurrences(code, "awaitable")) {
    const std::size_t open = at + std::string_view{"awaitable"}.size();
    if (open >= code.size() || code[open] != '<') continue;
    const std::size_t end = closing(code, open);
    if (end == std::string::npos) continue;
    // Qualifiers belong to the type: "-> boost::asio::awaitable".
    std::size_t begin = at;
    while (begin > 0 && (is_word(code[begin - 1]) || code[begin - 1] == ':')) --begin;
    const std::size_t list = parameters_of(code, begin, end);
    if (list == std::string::npos) continue;
    const std::size_t close = closing(code, list);
    if (close == std::string::npos) continue;
    for (const std::string_view parameter : split(std::string_view{code}.substr(list + 1, close - list - 1))) {
      if (is_reference(parameter))
        out.push_back(
            {source.path, line_of(code, list), fmt::format("a coroutine takes \"{}\" by reference", parameter)});
    }
  }
  return out;
}

}  // namespace outaged::architecture
