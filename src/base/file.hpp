#pragma once
// Whole files in and out, with a bound and a reason in words when it fails.
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "base/units.hpp"

namespace outaged {

/// The content, or why not ("cannot be opened: No such file or directory", "larger than 16MiB").
Expected<std::string, std::string> read_file(const std::string& path, Bytes limit);

/// Replaces the file's content in one step: readers see the old or the new, never a part. The error in words.
Expected<bool, std::string> write_file_atomically(const std::string& path, std::string_view content);

}  // namespace outaged
