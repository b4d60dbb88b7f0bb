#include "architecture/source.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

namespace outaged::architecture {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The end of the comment or literal that begins at `at`; `at` itself when none does.
std::size_t end_of_text(std::string_view code, std::size_t at) {
  const auto after = [&](std::string_view mark, std::size_t from) {
    const auto found = code.find(mark, from);
    return found == std::string_view::npos ? code.size() : found + mark.size();
  };
  const std::string_view rest = code.substr(at);
  if (rest.starts_with("//")) return std::min(code.find('\n', at), code.size());
  if (rest.starts_with("/*")) return after("*/", at + 2);
  if (rest.starts_with("R\"")) {
    const auto open = code.find('(', at);
    return after(fmt::format("){}\"", code.substr(at + 2, open - at - 2)), open);
  }
  const char quote = code[at];
  const bool separator = quote == '\'' && at > 0 && is_word(code[at - 1]);  // 1'000
  if ((quote != '"' && quote != '\'') || separator) return at;
  std::size_t end = at + 1;
  while (end < code.size() && code[end] != quote && code[end] != '\n') end += code[end] == '\\' ? 2U : 1U;
  return std::min(end + 1, code.size());
}

}  // namespace

std::string to_string(const Complaints& complaints) {
  std::string out;
  for (const auto& [path, line, what] : complaints) out += fmt::format("{}:{}: {}\n", path, line, what);
  return out;
}

std::vector<Source> load(const std::vector<std::string>& folders, const std::vector<std::string>& endings) {
  const fs::path project{OUTAGED_SOURCE_DIR};
  std::vector<Source> out;
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(project / folder)) {
      const std::string path = fs::relative(entry.path(), project).generic_string();
      const bool wanted = std::ranges::any_of(endings, [&](const std::string& end) { return path.ends_with(end); });
      if (entry.is_regular_file() && wanted) out.push_back({path, read(entry.path())});
    }
  }
  std::ranges::sort(out, {}, &Source::path);
  return out;
}

Complaints everywhere(Complaints (*check)(const Source&)) {
  Complaints out;
  for (const Source& source : load({"src", "tests", "bench"}, {".hpp", ".cpp"})) {
    for (const Complaint& complaint : check(source)) out.push_back(complaint);
  }
  return out;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string code_only(std::string_view text) {
  std::string out{text};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_text(text, at);
    const bool literal = text[at] == '"' || text[at] == '\'';
    for (std::size_t i = at; i < end; ++i) {
      const bool edge = literal && (i == at || i + 1 == end);
      if (out[i] != '\n' && !edge) out[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return out;
}

std::size_t line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

std::string module_of(std::string_view path) {
  constexpr std::string_view kSources = "src/";
  if (!path.starts_with(kSources)) return {};
  path.remove_prefix(kSources.size());
  return std::string{path.substr(0, path.find('/'))};
}

std::size_t closing(std::string_view code, std::size_t open) {
  const char opener = code[open];
  const char closer = opener == '(' ? ')' : opener == '<' ? '>' : opener == '[' ? ']' : '}';
  int depth = 0;
  for (std::size_t i = open; i < code.size(); ++i) {
    if (code[i] == opener) ++depth;
    if (code[i] == closer && !(closer == '>' && code[i - 1] == '-') && --depth == 0) return i;
  }
  return std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \n\t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \n\t") - first + 1);
}

}  // namespace outaged::architecture
