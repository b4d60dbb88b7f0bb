#pragma once
// Things kept by key within a bound on their number and on their bytes; the oldest goes first. One thread.
#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace outaged::sim {

template <class T>
class BoundedStore {
 public:
  BoundedStore(std::size_t max_entries, std::size_t max_bytes) : max_entries_(max_entries), max_bytes_(max_bytes) {}

  /// Keeps `value`; an older one of the same key goes. References to dropped values end.
  T& put(const std::string& key, T value, std::size_t bytes = 0) {
    erase(key);
    entries_.push_back({key, std::move(value), bytes});
    by_key_[key] = std::prev(entries_.end());
    bytes_ += bytes;
    drop_oldest();
    return entries_.back().value;
  }

  /// The bytes of a value that has grown or shrunk; makes it the newest.
  void resize(const std::string& key, std::size_t bytes) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    bytes_ = bytes_ - found->second->bytes + bytes;
    found->second->bytes = bytes;
    entries_.splice(entries_.end(), entries_, found->second);
    drop_oldest();
  }

  [[nodiscard]] T* find(const std::string& key) {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &found->second->value;
  }

  bool erase(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return false;
    bytes_ -= found->second->bytes;
    entries_.erase(found->second);
    by_key_.erase(found);
    return true;
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string key;
    T value;
    std::size_t bytes;
  };
  void drop_oldest() {
    while (entries_.size() > 1 && (entries_.size() > max_entries_ || bytes_ > max_bytes_)) {
      const std::string oldest = entries_.front().key;
      erase(oldest);
    }
  }

  std::size_t max_entries_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;
  std::unordered_map<std::string, typename std::list<Entry>::iterator> by_key_;
};

}  // namespace outaged::sim
