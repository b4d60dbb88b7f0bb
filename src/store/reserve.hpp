#pragma once
// Room on the disk that is kept for when it is full: a file beside the database. It is given up then, so that what may
// not be lost (incidents, messages and what became of them) can still be written, and an outage is told although the
// disk is full.
#include <string>

namespace outaged::store {

class Reserve {
 public:
  /// As much as the write-ahead log takes until its pages go to their places (1000 of 4 KiB) and it starts over.
  static constexpr long long kBytes = 4LL << 20;

  explicit Reserve(const std::string& database) : path_(database + "-reserve") {}

  /// Takes the room, if there is so much. True when it is held.
  bool hold();
  void give_up();

 private:
  std::string path_;
};

}  // namespace outaged::store
