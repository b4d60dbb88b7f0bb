#include "store/reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace outaged::store {

bool Reserve::hold() {
  const int file = ::open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return false;
  struct stat status {};
  const bool there = ::fstat(file, &status) == 0 && status.st_size == kBytes;
  const bool held = there || ::posix_fallocate(file, 0, kBytes) == 0;
  ::close(file);
  if (!held) give_up();
  return held;
}

void Reserve::give_up() {
  ::unlink(path_.c_str());
}

}  // namespace outaged::store
