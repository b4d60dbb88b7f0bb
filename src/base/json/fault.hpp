#pragma once
// A fault in a file that a person wrote: where, what was found, what is allowed. Reading collects all of them, so that
// one look at the output mends the whole file.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace outaged::json {

using Json = nlohmann::json;

struct Fault {
  std::string file;
  std::string pointer;  ///< RFC 6901; empty for the whole document
  std::string found;
  std::string allowed;
  std::string hint;  ///< "did you mean …", or empty
  bool operator==(const Fault&) const = default;
};

/// "file: /pointer: found X; allowed: Y (did you mean Z?)"
std::string to_string(const Fault& fault);

using Faults = std::vector<Fault>;

/// A place in a document while it is read, and the list its faults go to. Cheap to make; borrowed by value.
class Cursor {
 public:
  /// `faults` must outlive the cursor.
  Cursor(std::string file, Faults& faults) : file_(std::move(file)), faults_(&faults) {}

  [[nodiscard]] Cursor at(std::string_view key) const;
  [[nodiscard]] Cursor at(std::size_t index) const;
  /// The same place, with another list for its faults.
  [[nodiscard]] Cursor into(Faults& faults) const;
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] const std::string& file() const { return file_; }

  void fault(std::string found, std::string allowed, std::string hint = {}) const;

 private:
  std::string file_;
  std::string pointer_;
  Faults* faults_;
};

/// What a value is, for messages: `text "abc"`, `number 3`, `a list`, `nothing`; long text is cut.
std::string describe(const Json& value);

/// The candidate nearest to `word` by edit distance, when it is near enough to be meant: "did you mean \"x\"?", or "".
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// `"a", "b" or "c"`.
std::string list_of(std::span<const std::string> names);

}  // namespace outaged::json
