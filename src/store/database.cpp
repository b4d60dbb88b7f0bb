#include "store/database.hpp"

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <embedded/schema.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/encoding.hpp"
#include "store/access.hpp"

namespace outaged::store {
namespace {

namespace fs = std::filesystem;
using Connection = std::unique_ptr<SQLite::Database>;

constexpr int kBusyTimeoutMs = 5000;
/// "outa": marks the file as ours (PRAGMA application_id).
constexpr int kApplicationId = 0x6f757461;
constexpr std::uintmax_t kHeaderBytes = 100;

/// "0001_foundation.sql" → 1.
int version_of(std::string_view file_name) {
  int version = 0;
  std::from_chars(file_name.data(), file_name.data() + file_name.size(), version);
  return version;
}

int pragma_number(SQLite::Database& database, const std::string& name) {
  return database.execAndGet("PRAGMA " + name).getInt();
}

void set_up_connection(SQLite::Database& database) {
  database.setBusyTimeout(kBusyTimeoutMs);
  // A connection's cache is half of SQLite's default: the kernel keeps the file's pages as well.
  database.exec("PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-1024");
}

std::string damaged(const std::string& path, const std::string& reason) {
  return fmt::format(
      "{} is damaged or not a database ({}). Move it away to start with an empty one; \"sqlite3 {} .recover\" may save "
      "what is in it. Nothing was changed.",
      path, reason, path);
}

/// SQLite takes a file of one byte for an empty one, and would write over it.
bool is_shorter_than_header(const std::string& path) {
  std::error_code missing;
  const auto size = fs::file_size(path, missing);
  return !missing && size > 0 && size < kHeaderBytes;
}

/// What the file is, before anything is written to it.
Expected<int, std::string> schema_version_of(SQLite::Database& database, const std::string& path) {
  const int id = pragma_number(database, "application_id");
  const int version = pragma_number(database, "user_version");
  const int tables = database.execAndGet("SELECT count(*) FROM sqlite_master").getInt();
  if (id != kApplicationId && tables > 0)
    return Unexpected{path +
                      " is a database of another program. Choose another file in store.path. Nothing was changed."};
  if (version > newest_schema_version())
    return Unexpected{fmt::format(
        "{} was written by a newer outaged (schema {}, this program knows {}). Install that version again, or choose "
        "another file in store.path. Nothing was changed.",
        path, version, newest_schema_version())};
  if ((version > 0) != (tables > 0))
    return Unexpected{damaged(path, fmt::format("schema {} with {} tables and indexes", version, tables))};
  return version;
}

std::string damage_of(SQLite::Database& database) {
  SQLite::Statement check(database, "PRAGMA quick_check(1)");
  if (!check.executeStep()) return "no answer";
  const std::string verdict = check.getColumn(0).getString();
  return verdict == "ok" ? "" : verdict;
}

/// A consistent copy beside the file, made before its schema changes.
void back_up(SQLite::Database& database, const std::string& path, int version) {
  SQLite::Database copy(fmt::format("{}.before-v{}", path, version + 1), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  SQLite::Backup backup(copy, database);
  // Busy is an answer there and no exception.
  if (const int outcome = backup.executeStep(); outcome != SQLITE_DONE)
    throw SQLite::Exception("no copy could be made before the schema changes", outcome);
}

void migrate(SQLite::Database& database, const std::string& path, int version) {
  if (version == newest_schema_version()) return;
  if (version == 0) {
    // Must come before the first table; cannot be changed later without rewriting the file.
    database.exec("PRAGMA auto_vacuum=INCREMENTAL");
  } else {
    back_up(database, path, version);
  }
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (const auto& file : embedded::schema::files()) {
    if (version_of(file.name) > version) database.exec(std::string{file.content});
  }
  database.exec(
      fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, newest_schema_version()));
  transaction.commit();
}

/// Who may not use the file must be let in by a person; anything else may pass.
Obstacle denied_or(const std::string& path, Access access, std::string otherwise) {
  auto denied = access_denied(path, access);
  if (denied.empty()) return {std::move(otherwise)};
  return {std::move(denied), Outlook::lasting};
}

Expected<bool, Obstacle> prepare_directory(const std::string& path) {
  const fs::path directory = fs::path(path).parent_path();
  std::error_code error;
  if (directory.empty() || fs::exists(directory, error)) return true;
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (!error) return true;
  return Unexpected{denied_or(
      path, Access::writing, fmt::format("The directory {} cannot be made: {}.", directory.string(), error.message()))};
}

Obstacle explain(const std::string& path, Access access, const SQLite::Exception& error) {
  const auto otherwise = fmt::format("{} cannot be opened: {}.", path, error.getErrorStr());
  switch (error.getErrorCode() & 0xFF) {
    case SQLITE_ERROR:  // tables are not those of the schema
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return {damaged(path, error.getErrorStr()), Outlook::lasting};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY: return denied_or(path, access, otherwise);
    default: return {otherwise};
  }
}

/// Whether SQLite, to read a database, would have to make files beside it and may not.
bool lacks_room(const SQLite::Exception& error) {
  const int code = error.getErrorCode() & 0xFF;
  return code == SQLITE_READONLY || code == SQLITE_CANTOPEN;
}

/// What was written last and stands in the log beside the file alone.
bool has_log(const std::string& path) {
  std::error_code missing;
  const auto size = fs::file_size(path + "-wal", missing);
  return !missing && size > 0;
}

Expected<Connection, std::string> connect_for_reading(const std::string& path, const std::string& name, int flags) {
  auto database = std::make_unique<SQLite::Database>(name, SQLite::OPEN_READONLY | flags);
  set_up_connection(*database);
  database->exec("PRAGMA query_only=ON");
  const auto version = schema_version_of(*database, path);
  if (!version) return Unexpected{version.error()};
  if (*version != newest_schema_version())
    return Unexpected{fmt::format("{} has schema {}, this program reads {}. Start outaged once to bring it up to date.",
                                  path, *version, newest_schema_version())};
  return database;
}

/// In a place that cannot be written: a file that holds all there is can be read as it is, since nobody changes it.
Expected<Connection, std::string> read_as_it_is(const std::string& path) {
  if (has_log(path))
    return Unexpected{fmt::format(
        "{0} cannot be read where it is: what was written last stands in {0}-wal, and SQLite must write beside them to "
        "read both. Copy the two into a directory of your own and choose the copy in store.path, or start outaged. "
        "Nothing was changed.",
        path)};
  return connect_for_reading(path, "file:" + url_encode(fs::absolute(path).string()) + "?immutable=1",
                             SQLite::OPEN_URI);
}

}  // namespace

Expected<WriterLock, Obstacle> WriterLock::acquire(const std::string& database_path) {
  const auto directory = prepare_directory(database_path);
  if (!directory) return Unexpected{directory.error()};
  const std::string path = database_path + ".lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    const auto reason = std::system_category().message(errno);
    return Unexpected{
        denied_or(database_path, Access::writing, fmt::format("{} cannot be written: {}.", path, reason))};
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return Unexpected{Obstacle{fmt::format(
        "Another outaged is writing {}. Stop it first, or give this one a store.path of its own.", database_path)}};
  }
  return WriterLock{fd};
}

WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

WriterLock::~WriterLock() {
  if (fd_ >= 0) ::close(fd_);
}

int newest_schema_version() {
  int newest = 0;
  for (const auto& file : embedded::schema::files()) newest = std::max(newest, version_of(file.name));
  return newest;
}

Expected<Connection, Obstacle> open_for_writing(const std::string& path) {
  const auto directory = prepare_directory(path);
  if (!directory) return Unexpected{directory.error()};
  if (is_shorter_than_header(path))
    return Unexpected{Obstacle{damaged(path, "shorter than the header of one"), Outlook::lasting}};
  try {
    auto database = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    // Asked to write what it may only read, SQLite opens it for reading and says nothing until the first commit.
    if (::sqlite3_db_readonly(database->getHandle(), "main") == 1) {
      auto obstacle = denied_or(path, Access::writing, path + " can only be read.");
      obstacle.outlook = Outlook::lasting;
      return Unexpected{std::move(obstacle)};
    }
    set_up_connection(*database);
    const auto version = schema_version_of(*database, path);
    if (!version) return Unexpected{Obstacle{version.error(), Outlook::lasting}};
    if (*version > 0) {
      if (const auto damage = damage_of(*database); !damage.empty())
        return Unexpected{Obstacle{damaged(path, damage), Outlook::lasting}};
    }
    migrate(*database, path, *version);
    database->exec(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000; "
        "PRAGMA journal_size_limit=67108864");
    return database;
  } catch (const SQLite::Exception& error) {
    return Unexpected{explain(path, Access::writing, error)};
  }
}

Expected<Connection, std::string> open_for_reading(const std::string& path) {
  std::error_code missing;
  if (!fs::exists(path, missing)) {
    if (missing) return Unexpected{fmt::format("The database {} cannot be reached: {}.", path, missing.message())};
    return Unexpected{fmt::format("There is no database at {}.", path)};
  }
  if (is_shorter_than_header(path)) return Unexpected{damaged(path, "shorter than the header of one")};
  try {
    return connect_for_reading(path, path, 0);
  } catch (const SQLite::Exception& error) {
    if (!lacks_room(error) || !access_denied(path, Access::reading).empty())
      return Unexpected{explain(path, Access::reading, error).reason};
  }
  try {
    return read_as_it_is(path);
  } catch (const SQLite::Exception& error) {
    return Unexpected{explain(path, Access::reading, error).reason};
  }
}

}  // namespace outaged::store
