#include "replay/lines.hpp"

#include <filesystem>
#include <stdexcept>

namespace outaged::replay {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

Expected<Lines, std::string> Lines::open(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return Unexpected{path + ": no such file"};
  if (!std::filesystem::is_regular_file(status))
    return Unexpected{path + ": not a plain file; it is read twice, so a directory, pipe or device will not do"};
  std::ifstream file{path, std::ios::binary};
  if (!file) return Unexpected{path + ": cannot be read"};
  return Lines{std::move(file)};
}

std::optional<std::string_view> Lines::next() {
  std::size_t end = piece_.find('\n', used_);
  while (end == std::string::npos && piece_.size() - used_ <= kLongest && fill()) end = piece_.find('\n', used_);
  if (end == std::string::npos && used_ == piece_.size()) return std::nullopt;
  ++number_;
  std::string_view line{piece_};
  line = line.substr(used_, std::min(end, piece_.size()) - used_);
  if (line.size() > kLongest) throw std::invalid_argument("a line of more than 8 KiB; allowed: up to 8 KiB");
  used_ = std::min(end, piece_.size() - 1) + 1;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void Lines::rewind() {
  file_.clear();
  file_.seekg(0);
  piece_.clear();
  used_ = number_ = 0;
}

bool Lines::fill() {
  piece_.erase(0, used_);
  used_ = 0;
  const auto kept = piece_.size();
  piece_.resize(kept + kPiece);
  file_.read(piece_.data() + kept, static_cast<std::streamsize>(kPiece));
  piece_.resize(kept + static_cast<std::size_t>(file_.gcount()));
  return piece_.size() > kept;
}

}  // namespace outaged::replay
