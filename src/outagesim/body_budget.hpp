#pragma once
// A bound on the bodies that a server holds at one time, over all its connections. One thread.
#include <cstdint>
#include <memory>
#include <utility>

namespace outaged::sim {

class BodyBudget {
 public:
  explicit BodyBudget(std::uint64_t bytes) : free_(bytes) {}

  /// Takes bytes for as long as it lives.
  class Share {
   public:
    Share() = default;
    Share(BodyBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) { budget.free_ -= bytes; }
    Share(Share&& other) noexcept : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() {
      if (budget_ != nullptr) budget_->free_ += bytes_;
    }
    [[nodiscard]] bool granted() const { return budget_ != nullptr; }

   private:
    BodyBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
  };

  /// A share of that many bytes; not granted when they are not free.
  Share take(std::uint64_t bytes) { return bytes <= free_ ? Share(*this, bytes) : Share(); }
  [[nodiscard]] std::uint64_t free() const { return free_; }

 private:
  std::uint64_t free_;
};

}  // namespace outaged::sim
