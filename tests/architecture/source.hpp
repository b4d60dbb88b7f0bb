#pragma once
// The project's own sources as text, and what a rule finds wrong with them.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace outaged::architecture {

struct Source {
  std::string path;  ///< from the project's folder: "src/net/http.hpp"
  std::string text;
};

struct Complaint {
  std::string path;
  std::size_t line = 0;
  std::string what;
  bool operator==(const Complaint&) const = default;
};
using Complaints = std::vector<Complaint>;

/// "path:line: what", one a line: for messages.
std::string to_string(const Complaints& complaints);

/// All files below the given folders whose names end in one of the endings, in order of path.
std::vector<Source> load(const std::vector<std::string>& folders, const std::vector<std::string>& endings);

/// What a check of single files finds in all C++ of the project.
Complaints everywhere(Complaints (*check)(const Source&));

/// A character of an identifier.
bool is_word(char c);

/// C++ with comments and the contents of string and character literals blanked out; every other character stays where
/// it was.
std::string code_only(std::string_view text);

std::size_t line_of(std::string_view text, std::size_t offset);

/// "net" for "src/net/http.hpp".
std::string module_of(std::string_view path);

/// The offset of the bracket that closes the one at `open`, or npos.
std::size_t closing(std::string_view code, std::size_t open);

std::string_view trimmed(std::string_view text);

}  // namespace outaged::architecture
