#include "store/database.hpp"

#include <filesystem>
#include <fstream>

#include <SQLiteCpp/Statement.h>
#include <doctest/doctest.h>

#include "base/file.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

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

TEST_CASE("an older database is copied and then brought up to date") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  {
    // Version 0 with our mark: what a first start leaves when it is killed before its migration.
    SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA application_id=0x6f757461");
  }
  REQUIRE(store::open_for_writing(path).has_value());
  auto writer = test::open_writer(path);
  writer->submit(test::batch_of(test::healthy_run("p", 0)));
  CHECK(writer->flush(30s));
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
