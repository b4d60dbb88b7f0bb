#pragma once
// What the documentation tells its readers to type and to write, taken out of its text.
#include <string>
#include <vector>

namespace outaged::test {

struct Excerpt {
  std::string document;  ///< below the project's folder
  std::string text;
};

/// A file of the project. Throws when it cannot be read.
std::string text_of(const std::string& path);

/// README.md, CONTRIBUTING.md, SECURITY.md and docs/*.md.
std::vector<Excerpt> documents();

/// What stands between fences, whole.
std::vector<Excerpt> fenced();

/// Everything in `code` marks, one line each, and each line between fences without its comment.
std::vector<Excerpt> code();

/// Every command that begins with the word `program`, each optional part left out and put in, each of several
/// alternatives taken: "a [b] c|d" → "a c", "a d", "a b c", "a b d". The rows of docs/cli.md are commands of outagectl.
std::vector<Excerpt> commands(const std::string& program);

/// As a shell would: "…" and '…' are one word.
std::vector<std::string> words(const std::string& command);

/// Where links without a host lead, in the document they stand in.
std::vector<Excerpt> links();

}  // namespace outaged::test
