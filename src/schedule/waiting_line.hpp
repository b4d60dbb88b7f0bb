#pragma once
// Those who wait for a free slot: first come, first served within an owner, while the owners take turns. So a platform
// that times out fills the line with its own probes and the others, the control probes above all, still get through.
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace outaged::schedule {

template <class T>
class WaitingLine {
 public:
  void push(const std::string& owner, T item) {
    auto& own = by_owner_[owner];
    if (own.empty()) turns_.push_back(owner);
    own.push_back(std::move(item));
    ++size_;
  }

  /// Ahead of everybody.
  void push_first(T item) {
    first_.push_back(std::move(item));
    ++size_;
  }

  /// The next one; the line must not be empty.
  T take() {
    --size_;
    if (!first_.empty()) return take_front(first_);
    const std::string owner = take_front(turns_);
    const auto own = by_owner_.find(owner);
    T item = take_front(own->second);
    if (own->second.empty()) {
      by_owner_.erase(own);
    } else {
      turns_.push_back(owner);
    }
    return item;
  }

  /// Takes out all for whom `leaves(item)` is true.
  template <class Predicate>
  void drop(const Predicate& leaves) {
    size_ -= std::erase_if(first_, leaves);
    for (auto& [owner, own] : by_owner_) size_ -= std::erase_if(own, leaves);
    std::erase_if(by_owner_, [](const auto& entry) { return entry.second.empty(); });
    std::erase_if(turns_, [this](const std::string& owner) { return !by_owner_.contains(owner); });
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  template <class U>
  static U take_front(std::deque<U>& queue) {
    U item = std::move(queue.front());
    queue.pop_front();
    return item;
  }

  std::deque<T> first_;
  std::map<std::string, std::deque<T>> by_owner_;
  std::deque<std::string> turns_;  ///< owners with somebody in the line, the next one first
  std::size_t size_ = 0;
};

}  // namespace outaged::schedule
