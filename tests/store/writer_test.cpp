#include "store/writer.hpp"

#include <atomic>
#include <filesystem>
#include <future>

#include <SQLiteCpp/Transaction.h>
#include <doctest/doctest.h>

#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {
// The writer itself may hold the lock for a moment when a test asks for it.
constexpr int kBusyMilliseconds = 10'000;
}  // namespace

TEST_CASE("a batch is acknowledged when it can be read and not before") {
  const test::TemporaryDirectory directory;
  auto writer = test::open_writer(directory / "outaged.db");
  std::promise<std::size_t> seen;
  writer->submit(test::batch_of(test::healthy_run("p", 0)), [&] {
    auto reader = store::Reader::open(directory / "outaged.db");
    seen.set_value(reader ? reader->results({"p"}, 10).size() : 0);
  });
  CHECK(seen.get_future().get() == 1);
}

TEST_CASE("many batches share few commits") {
  const test::TemporaryDirectory directory;
  auto writer = test::open_writer(directory / "outaged.db");
  for (int i = 0; i < 5000; ++i) writer->submit(test::batch_of(test::healthy_run("p", i)));
  REQUIRE(writer->flush(60s));
  CHECK(writer->stats().results == 5000);
  CHECK(writer->stats().commits < 1000);
}

TEST_CASE("everything in one batch is there or nothing of it") {
  const test::TemporaryDirectory directory;
  auto writer = test::open_writer(directory / "outaged.db");
  auto bad = test::message_for(1, "team", "opened");
  store::DeliveryRecord orphan{
      .outbox = 4711, .at = test::base_time(), .outcome = "delivered", .detail = "", .next_attempt = {}};
  // The delivery refers to a message that does not exist: the database refuses the batch, and only this one.
  writer->submit({.incidents = {test::open_incident(1)}, .outbox = {bad}, .deliveries = {orphan}});
  writer->submit({.incidents = {test::open_incident(2)}, .outbox = {test::message_for(2, "team", "opened")}});
  REQUIRE(writer->flush(30s));
  auto reader = test::open_reader(directory / "outaged.db");
  CHECK_FALSE(reader.incident({1}).has_value());
  CHECK(reader.incident({2}).has_value());
  CHECK(reader.pending_outbox().size() == 1);
  CHECK(writer->stats().unusable == 1);
}

TEST_CASE("while the database cannot be written nothing is acknowledged and nothing lost") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  auto writer = test::open_writer(path);
  REQUIRE(writer->flush(30s));
  std::atomic<int> acknowledged = 0;
  {
    // Another program holds the write lock for longer than the writer waits for it.
    SQLite::Database other(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
    SQLite::Transaction lock(other, SQLite::TransactionBehavior::IMMEDIATE);
    writer->submit({.incidents = {test::open_incident(1)}}, [&] { ++acknowledged; });
    // It waits for the lock several seconds at a time, perhaps for the sake of retention first.
    for (int waits = 0; writer->stats().trouble.empty() && waits < 60; ++waits) CHECK_FALSE(writer->flush(1s));
    CHECK(acknowledged == 0);
    CHECK_FALSE(writer->stats().trouble.empty());
  }
  REQUIRE(writer->flush(60s));
  CHECK(acknowledged == 1);
  CHECK(writer->stats().trouble.empty());
  CHECK(test::open_reader(path).incident({1}).has_value());
}

TEST_CASE("documents kept by name wait once however long the database cannot be written") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  auto writer = test::open_writer(path);
  REQUIRE(writer->flush(30s));
  SQLite::Database other(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
  auto lock = std::make_unique<SQLite::Transaction>(other, SQLite::TransactionBehavior::IMMEDIATE);
  std::atomic<int> acknowledged = 0;
  // An incident comes with the state of detection that it follows from, and outlives it.
  writer->submit({.incidents = {test::open_incident(1)},
                  .outbox = {test::message_for(1, "team", "opened")},
                  .detector_states = {{"detector", test::base_time(), "0"}}},
                 [&] { ++acknowledged; });
  for (int i = 1; i <= 1000; ++i) {
    const auto said = std::to_string(i);
    writer->submit({.detector_states = {{"detector", test::base_time(), said}}, .meta = {{"alive_at", said}}});
    writer->submit({.meta = {{"budgets", said}}});
  }
  // The incident, and twice two documents: some may already be in the hands of the thread that waits for the lock.
  CHECK(writer->stats().queued <= 5);
  lock.reset();
  REQUIRE(writer->flush(60s));
  auto reader = test::open_reader(path);
  CHECK(reader.detector_state("detector")->content == "1000");
  CHECK(reader.meta("alive_at") == "1000");
  CHECK(reader.meta("budgets") == "1000");
  CHECK(reader.incident({1}).has_value());
  CHECK(reader.pending_outbox().size() == 1);
  CHECK(acknowledged == 1);
}

TEST_CASE("beyond its bound the queue refuses what comes again and takes what does not") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  auto writer = test::open_writer(path);
  SQLite::Database other(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
  auto lock = std::make_unique<SQLite::Transaction>(other, SQLite::TransactionBehavior::IMMEDIATE);
  while (writer->submit(test::batch_of(test::healthy_run("p", 0)))) continue;
  CHECK(writer->stats().refused == 1);
  CHECK_FALSE(writer->submit({.known_addresses = {{"example.org", "192.0.2.1", test::base_time()}}}));
  CHECK_FALSE(writer->submit({.user_reports = {{{"whatsapp", "login"}, test::base_time()}}}));
  CHECK_FALSE(writer->submit({.vendor_readings = {{{"vendor.meta"}, "Meta", test::base_time(), {}}}}));
  CHECK(writer->submit({.incidents = {test::open_incident(1)}, .outbox = {test::message_for(1, "team", "opened")}}));
  CHECK(writer->submit({.leftovers = {{{{"whatsapp.media"}, 3, test::base_time(), {{"media_id", "18"}}, 0}}}}));
  lock.reset();
  REQUIRE(writer->flush(120s));
  CHECK(test::open_reader(path).incident({1}).has_value());
  CHECK(test::open_reader(path).pending_outbox().size() == 1);
  CHECK(test::open_reader(path).leftovers().size() == 1);
}

TEST_CASE("what was submitted before the end is written at the end") {
  const test::TemporaryDirectory directory;
  {
    auto writer = test::open_writer(directory / "outaged.db");
    for (int i = 0; i < 100; ++i) writer->submit(test::batch_of(test::healthy_run("p", i)));
  }
  CHECK(test::open_reader(directory / "outaged.db").results({"p"}, 1000).size() == 100);
}

TEST_CASE("after the end the one file holds everything, though a reader still has it open") {
  const test::TemporaryDirectory directory;
  auto writer = test::open_writer(directory / "outaged.db");
  auto reader = test::open_reader(directory / "outaged.db");
  writer->submit(test::batch_of(test::healthy_run("p", 0)));
  writer.reset();
  std::filesystem::copy_file(directory / "outaged.db", directory / "copy.db");
  CHECK(test::open_reader(directory / "copy.db").results({"p"}, 10).size() == 1);
}

TEST_CASE("a reader sees whole batches while the writer writes") {
  const test::TemporaryDirectory directory;
  auto writer = test::open_writer(directory / "outaged.db");
  auto reader = test::open_reader(directory / "outaged.db");
  for (int i = 1; i <= 200; ++i) {
    writer->submit({.incidents = {test::open_incident(i)}, .outbox = {test::message_for(i, "team", "opened")}});
    const auto incidents = reader.open_incidents().size();
    CHECK(reader.pending_outbox().size() >= incidents);
  }
  REQUIRE(writer->flush(30s));
  CHECK(reader.pending_outbox().size() == 200);
}
