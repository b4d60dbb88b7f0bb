#pragma once
// Opening the database: made when missing, migrated when older (after a backup), refused when newer, foreign or
// damaged. What is refused is never changed. The schema is in schema/NNNN_*.sql, built into the program.
#include <memory>
#include <string>

#include <SQLiteCpp/Database.h>

#include "base/expected.hpp"
#include "base/obstacle.hpp"

namespace outaged::store {

/// Holds the database for its one writer; a second daemon on the same file is refused. Released by the system however
/// the process ends.
class WriterLock {
 public:
  static Expected<WriterLock, Obstacle> acquire(const std::string& database_path);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
};

/// Version of the newest schema file in this program.
int newest_schema_version();

/// For the writer. Creates missing directories (mode 0700) and the file; brings an older schema up to date in one
/// transaction, after a copy to "<path>.before-v<N>". The error says what to do; a file that is newer, foreign, damaged
/// or may not be written stays so.
Expected<std::unique_ptr<SQLite::Database>, Obstacle> open_for_writing(const std::string& path);

/// For a reader: never writes, never creates. Works while a writer writes, on the file of a daemon that was killed,
/// and, where nothing can be written beside it, on the file of one that was stopped.
Expected<std::unique_ptr<SQLite::Database>, std::string> open_for_reading(const std::string& path);

}  // namespace outaged::store
