#pragma once
// Connections: all that are open, in a bounded number. When it is reached, the one that has been waiting longest for a
// request makes room: ten thousand idle clients cannot keep out the one that asks. One thread.
#include <cstddef>
#include <functional>
#include <list>

namespace outaged::serve {

class Connections {
 public:
  explicit Connections(std::size_t most) : most_(most) {}

  /// Room for one more; closes the longest idle connection if it must. False: all are at work.
  bool make_room() {
    if (count_ < most_) return true;
    if (idle_.empty()) return false;
    const auto close = idle_.front();
    close();
    return true;
  }

  /// A connection's place, for as long as it lives.
  class Place {
   public:
    /// `close`: ends the connection; called at most once, while it is idle.
    Place(Connections& all, std::function<void()> close) : all_(all), close_(std::move(close)) { ++all_.count_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
      work();
      --all_.count_;
    }

    /// Waits for a request from now on.
    void idle() {
      if (is_idle_) return;
      is_idle_ = true;
      entry_ = all_.idle_.insert(all_.idle_.end(), [this] {
        work();
        close_();
      });
    }
    /// Has one.
    void work() {
      if (!is_idle_) return;
      is_idle_ = false;
      all_.idle_.erase(entry_);
    }

   private:
    Connections& all_;
    std::function<void()> close_;
    bool is_idle_ = false;
    std::list<std::function<void()>>::iterator entry_;
  };

 private:
  std::size_t most_;
  std::size_t count_ = 0;
  std::list<std::function<void()>> idle_;
};

}  // namespace outaged::serve
