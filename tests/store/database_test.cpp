#include "store/database.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <SQLiteCpp/Statement.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/file.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {

constexpr uid_t kNobody = 65534;

/// Root may do anything, so the tests of permissions are another user for a while; anybody else stays who they are.
class Unprivileged {
 public:
  Unprivileged() {
    if (was_root_) REQUIRE(::seteuid(kNobody) == 0);
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  bool was_root_ = ::geteuid() == 0;
};

/// What is asked for can only be done by a person, and `reason` says it all.
void check_is_denied(const Obstacle& obstacle, const std::string& file) {
  CHECK_MESSAGE(obstacle.reason.find(file + " (Permission denied; owner ") != std::string::npos, obstacle.reason);
  CHECK(obstacle.reason.find("chown ") != std::string::npos);
  CHECK(obstacle.outlook == Outlook::lasting);
}

std::vector<std::string> files_in(const test::TemporaryDirectory& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

/// A database as the program of that schema left it, with one row in each of the tables that matter most.
void make_database_of(int version, const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  std::map<int, std::string> migrations;
  for (const auto& entry : std::filesystem::directory_iterator(OUTAGED_SOURCE_DIR "/schema")) {
    if (entry.path().extension() != ".sql") continue;
    migrations[std::stoi(entry.path().filename().string())] = read_file(entry.path().string(), Bytes{1 << 20}).value();
  }
  for (const auto& [number, content] : migrations) {
    if (number <= version) database.exec(content);
  }
  database.exec(fmt::format("PRAGMA application_id=0x6f757461; PRAGMA user_version={}", version));
  database.exec(
      "INSERT INTO probe VALUES (1, 'p', 'whatsapp/media-upload', '', 'public', 60000000, 'active');"
      "INSERT INTO result VALUES (1, 1562162400000, 0, 200, 0, 0, 0, 1, 2, 3, 4, 5, 6);"
      "INSERT INTO incident VALUES (7, 'investigating', 'major', 'major', 'Upload fails', '', 0, NULL, 1, 2, NULL, "
      "NULL, "
      "NULL);"
      "INSERT INTO incident_update VALUES (7, 0, 2, 'detected', 'investigating', 'Detected.');"
      "INSERT INTO outbox (reference, incident, channel, kind, payload, created, not_before, expires) "
      "VALUES ('7-opened', 7, 'team', 'opened', '{}', 1, 1, 2);"
      "INSERT INTO detector_state VALUES ('detector', 1, '{}')");
}

void check_rows_are_kept(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READONLY);
  for (const std::string table : {"probe", "result", "incident", "incident_update", "outbox", "detector_state"})
    CHECK_MESSAGE(database.execAndGet("SELECT count(*) FROM " + table).getInt() == 1, path << ": " << table);
}

}  // namespace

TEST_CASE("a missing database is made with its directory") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "data/deep/outaged.db";
  REQUIRE(store::open_for_writing(path).has_value());
  CHECK(std::filesystem::exists(path));
  CHECK(test::open_reader(path).open_incidents().empty());
}

TEST_CASE("reading never makes a database") {
  const test::TemporaryDirectory directory;
  const auto opened = store::open_for_reading(directory / "outaged.db");
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().find("There is no database at") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(directory / "outaged.db"));
}

TEST_CASE("a database newer than the program is refused and left alone") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  {
    auto database = store::open_for_writing(path);
    REQUIRE(database.has_value());
    (*database)->exec("PRAGMA user_version=999");
  }
  const auto written = store::open_for_writing(path);
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().reason.find("newer outaged (schema 999") != std::string::npos);
  CHECK(written.error().outlook == Outlook::lasting);
  const auto read = store::open_for_reading(path);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().find("newer outaged (schema 999") != std::string::npos);
  SQLite::Database database(path, SQLite::OPEN_READONLY);
  CHECK(database.execAndGet("PRAGMA user_version").getInt() == 999);
}

TEST_CASE("a file that is no database is refused and left alone") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  REQUIRE(write_file_atomically(path, "dear diary, today nothing failed. dear diary, today nothing failed."));
  const auto refused = store::open_for_writing(path);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().reason.find("damaged or not a database") != std::string::npos);
  CHECK(refused.error().outlook == Outlook::lasting);
  CHECK(read_file(path, Bytes{4096}).value().starts_with("dear diary"));
}

TEST_CASE("a database of another program is refused and left alone") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "other.db";
  {
    SQLite::Database other(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("CREATE TABLE recipe (name TEXT)");
  }
  const auto refused = store::open_for_writing(path);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().reason.find("another program") != std::string::npos);
  CHECK(refused.error().outlook == Outlook::lasting);
  SQLite::Database other(path, SQLite::OPEN_READONLY);
  CHECK(other.tableExists("recipe"));
  CHECK_FALSE(other.tableExists("incident"));
}

TEST_CASE("a damaged database is refused") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  {
    auto writer = test::open_writer(path);
    for (int i = 0; i < 2000; ++i) writer->submit(test::batch_of(test::failed_run("p", i)));
    REQUIRE(writer->flush(30s));
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3 * 4096);
    file << std::string(8 * 4096, '\x5A');
  }
  const auto refused = store::open_for_writing(path);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().reason.find("damaged") != std::string::npos);
  CHECK(refused.error().outlook == Outlook::lasting);
}

TEST_CASE("a database of each older schema is copied and then brought up to date with all its rows") {
  const int newest = store::newest_schema_version();
  REQUIRE(newest > 1);
  for (int version = 1; version < newest; ++version) {
    CAPTURE(version);
    const test::TemporaryDirectory directory;
    const auto path = directory / "outaged.db";
    make_database_of(version, path);
    REQUIRE(store::open_for_writing(path).has_value());

    const auto copy = fmt::format("{}.before-v{}", path, version + 1);
    REQUIRE(std::filesystem::exists(copy));
    check_rows_are_kept(copy);
    CHECK(SQLite::Database(copy).execAndGet("PRAGMA user_version").getInt() == version);
    check_rows_are_kept(path);
    CHECK(SQLite::Database(path).execAndGet("PRAGMA user_version").getInt() == newest);

    auto reader = test::open_reader(path);
    CHECK(reader.open_incidents().front().id.number == 7);
    CHECK(reader.open_incidents().front().timeline.size() == 1);
    CHECK(reader.pending_outbox().size() == 1);
    CHECK(reader.results({"p"}, 10).size() == 1);
    CHECK(reader.detector_state("detector").has_value());
    auto writer = test::open_writer(path);
    writer->submit({.incidents = {test::open_incident(8)}, .outbox = {test::message_for(8, "team", "opened")}});
    REQUIRE(writer->flush(30s));
    CHECK(writer->stats().unusable == 0);
    CHECK(reader.pending_outbox().size() == 2);
  }
}

TEST_CASE("a first start that was killed before it made its tables goes on") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("PRAGMA application_id=0x6f757461");
  auto writer = test::open_writer(path);
  writer->submit(test::batch_of(test::healthy_run("p", 0)));
  CHECK(writer->flush(30s));
}

TEST_CASE("a schema version that its tables belie is damage and not tried again") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  SUBCASE("a version without tables") {
    SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("PRAGMA user_version=5");
  }
  SUBCASE("tables without a version") {
    REQUIRE(store::open_for_writing(path).has_value());
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("PRAGMA user_version=0");
  }
  SUBCASE("tables of another version") {
    make_database_of(1, path);
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("DROP TABLE outbox");  // which the second schema alters
  }
  const auto refused = store::open_for_writing(path);
  REQUIRE_FALSE(refused.has_value());
  CHECK_MESSAGE(refused.error().reason.find("damaged or not a database") != std::string::npos, refused.error().reason);
  CHECK(refused.error().reason.find("Move it away") != std::string::npos);
  CHECK(refused.error().outlook == Outlook::lasting);
}

TEST_CASE("a file too short for a database is refused and left alone") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  for (const std::size_t size : {1U, 2U, 99U}) {
    CAPTURE(size);
    const std::string content(size, 'x');
    REQUIRE(write_file_atomically(path, content));
    const auto refused = store::open_for_writing(path);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason.find("damaged or not a database") != std::string::npos);
    CHECK(refused.error().outlook == Outlook::lasting);
    const auto unread = store::open_for_reading(path);
    REQUIRE_FALSE(unread.has_value());
    CHECK(unread.error().find("damaged or not a database") != std::string::npos);
    CHECK(read_file(path, Bytes{4096}).value() == content);
  }
}

TEST_CASE("a database that may not be written is refused at once with who must own it and nothing is left beside it") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  REQUIRE(store::open_for_writing(path).has_value());
  namespace fs = std::filesystem;
  // In a directory of theirs: only the file is somebody else's, or closed to them.
  if (::geteuid() == 0) REQUIRE(::chown(directory.path().c_str(), kNobody, kNobody) == 0);
  const auto before = files_in(directory);
  SUBCASE("but may be read") {
    fs::permissions(path, fs::perms{0444});
  }
  SUBCASE("nor read") {
    fs::permissions(path, ::geteuid() == 0 ? fs::perms{0600} : fs::perms{0000});
    const Unprivileged user;
    const auto unread = store::open_for_reading(path);
    REQUIRE_FALSE(unread.has_value());
    check_is_denied({unread.error(), Outlook::lasting}, path);
  }
  const Unprivileged user;
  const auto refused = store::open_for_writing(path);
  REQUIRE_FALSE(refused.has_value());
  check_is_denied(refused.error(), path);
  CHECK(files_in(directory) == before);
}

TEST_CASE("a database in a place that cannot be written is read, unless something of it stands in the log alone") {
  namespace fs = std::filesystem;
  const test::TemporaryDirectory directory;
  const auto place = directory.path() / "a place? 100%";
  const auto path = (place / "outaged.db").string();
  fs::create_directory(place);
  REQUIRE(store::open_for_writing(path).has_value());
  const auto close = [&] {
    for (const auto& entry : fs::directory_iterator(place)) fs::permissions(entry.path(), fs::perms{0444});
    fs::permissions(place, fs::perms{0555});
  };
  if (::geteuid() == 0) fs::permissions(directory.path(), fs::perms{0755});
  close();
  {
    const Unprivileged user;
    auto database = store::open_for_reading(path);
    REQUIRE_MESSAGE(database.has_value(), database.error());
    CHECK((*database)->execAndGet("SELECT count(*) FROM incident").getInt() == 0);
  }
  fs::permissions(place, fs::perms{0755});
  REQUIRE(write_file_atomically(path + "-wal", "what was written last"));
  close();
  {
    const Unprivileged user;
    const auto refused = store::open_for_reading(path);
    REQUIRE_FALSE(refused.has_value());
    CHECK_MESSAGE(refused.error().find(path + "-wal, and SQLite must write beside them") != std::string::npos,
                  refused.error());
  }
  fs::permissions(place, fs::perms{0755});
}

TEST_CASE("a directory in which no database can be made or its lock be held needs a person") {
  const test::TemporaryDirectory directory;
  namespace fs = std::filesystem;
  const auto data = directory / "data";
  fs::create_directory(data);
  if (::geteuid() == 0) REQUIRE(::chown(directory.path().c_str(), kNobody, kNobody) == 0);
  fs::permissions(data, fs::perms{0555});
  const Unprivileged user;
  for (const auto* name : {"/outaged.db", "/deep/outaged.db"}) {
    const auto refused = store::Writer::open({.path = data + name}, test::base_time);
    REQUIRE_FALSE(refused.has_value());
    check_is_denied(refused.error(), data);
  }
}

TEST_CASE("two writers on one database are refused") {
  const test::TemporaryDirectory directory;
  const auto first = test::open_writer(directory / "outaged.db");
  const auto second = store::Writer::open({.path = directory / "outaged.db"}, test::base_time);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().reason.find("Another outaged is writing") != std::string::npos);
  CHECK(second.error().outlook == Outlook::passing);
}

TEST_CASE("a directory that cannot be made is an error in words") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(directory / "file", ""));
  const auto refused = store::Writer::open({.path = directory / "file/outaged.db"}, test::base_time);
  REQUIRE_FALSE(refused.has_value());
  CHECK_FALSE(refused.error().reason.empty());
  CHECK(refused.error().outlook == Outlook::passing);
}
