#include "e2e/documentation.hpp"

#include <filesystem>
#include <regex>
#include <stdexcept>

#include "base/file.hpp"
#include "base/units.hpp"

namespace outaged::test {
namespace {

const std::string kProject = OUTAGED_SOURCE_DIR;

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
    found.push_back((*match)[1]);
  return found;
}

std::vector<std::string> lines(const std::string& text) {
  return matches(text + "\n", std::regex("([^\n]*)\n"));
}

std::string trimmed(const std::string& text) {
  return std::regex_replace(text, std::regex("^\\s+|\\s+$"), "");
}

const std::regex& fence() {
  static const std::regex pattern("```[a-z]*\n([^]*?)\n *```");
  return pattern;
}

std::vector<std::string> code_spans(const std::string& text) {
  auto found = matches(text, std::regex("`([^`]+)`"));
  for (auto& span : found) span = trimmed(std::regex_replace(span, std::regex("\\s*\n\\s*"), " "));
  return found;
}

/// With the first optional part left out and put in, and so on for the next.
std::vector<std::string> without_options(const std::string& command) {
  const auto begin = command.find('[');
  if (begin == std::string::npos) return {command};
  const auto end = command.find(']', begin);
  std::vector<std::string> out;
  for (const auto& rest : without_options(command.substr(end + 1))) {
    out.push_back(command.substr(0, begin) + rest);
    out.push_back(command.substr(0, begin) + command.substr(begin + 1, end - begin - 1) + rest);
  }
  return out;
}

std::vector<std::string> without_alternatives(const std::string& command) {
  std::smatch found;
  if (!std::regex_search(command, found, std::regex("([^ |\"']+)\\|([^ \"']+)"))) return {command};
  std::vector<std::string> out;
  for (const auto& one : {found.str(1), found.str(2)}) {
    for (auto& whole : without_alternatives(found.prefix().str() + one + found.suffix().str()))
      out.push_back(std::move(whole));
  }
  return out;
}

/// The rows of the table of commands, as they are typed.
std::vector<Excerpt> rows_of_commands() {
  const std::string document = "docs/cli.md";
  std::vector<Excerpt> found;
  for (const auto& line : lines(text_of(document))) {
    if (!line.starts_with("| `")) continue;
    const auto cell = std::regex_replace(line, std::regex("\\\\\\|"), "\x01");
    for (auto command : code_spans(cell.substr(0, cell.find('|', 1)))) {
      std::ranges::replace(command, '\x01', '|');
      found.push_back({document, "outagectl " + command});
    }
  }
  return found;
}

}  // namespace

std::string text_of(const std::string& path) {
  const auto text = read_file(kProject + "/" + path, Bytes{1 << 20});
  if (!text) throw std::runtime_error(path + " " + text.error());
  return *text;
}

std::vector<Excerpt> documents() {
  std::vector<std::string> names = {"README.md", "CONTRIBUTING.md", "SECURITY.md"};
  for (const auto& entry : std::filesystem::directory_iterator(kProject + "/docs")) {
    if (entry.path().extension() == ".md") names.push_back("docs/" + entry.path().filename().string());
  }
  std::vector<Excerpt> out;
  for (const auto& name : names) out.push_back({name, text_of(name)});
  return out;
}

std::vector<Excerpt> fenced() {
  std::vector<Excerpt> out;
  for (const auto& [name, text] : documents()) {
    for (const auto& inside : matches(text, fence())) out.push_back({name, inside});
  }
  return out;
}

std::vector<Excerpt> code() {
  std::vector<Excerpt> out;
  for (const auto& [name, text] : documents()) {
    for (const auto& span : code_spans(std::regex_replace(text, fence(), ""))) out.push_back({name, span});
  }
  for (const auto& [name, inside] : fenced()) {
    for (const auto& line : lines(inside))
      out.push_back({name, trimmed(std::regex_replace(line, std::regex("\\s#.*$"), ""))});
  }
  return out;
}

std::vector<Excerpt> commands(const std::string& program) {
  auto written = code();
  if (program == "outagectl") {
    for (auto& row : rows_of_commands()) written.push_back(std::move(row));
  }
  std::vector<Excerpt> out;
  for (const auto& [name, text] : written) {
    if (!text.starts_with(program + " ")) continue;
    for (const auto& whole : without_options(text)) {
      for (const auto& one : without_alternatives(whole)) out.push_back({name, trimmed(one)});
    }
  }
  return out;
}

std::vector<std::string> words(const std::string& command) {
  std::vector<std::string> out;
  static const std::regex word(R"re("([^"]*)"|'([^']*)'|(\S+))re");
  for (std::sregex_iterator match(command.begin(), command.end(), word), end; match != end; ++match)
    out.push_back(match->str(1) + match->str(2) + match->str(3));
  return out;
}

std::vector<Excerpt> links() {
  std::vector<Excerpt> out;
  for (const auto& [name, text] : documents()) {
    for (const auto& target : matches(text, std::regex("\\]\\(([^)#]+)[^)]*\\)"))) {
      if (target.find("://") == std::string::npos) out.push_back({name, target});
    }
  }
  return out;
}

}  // namespace outaged::test
