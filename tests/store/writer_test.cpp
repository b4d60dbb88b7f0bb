#include "store/writer.hpp"

#include <atomic>
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

TEST_CASE("beyond its bound the queue refuses results and takes everything else") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  auto writer = test::open_writer(path);
  SQLite::Database other(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
  auto lock = std::make_unique<SQLite::Transaction>(other, SQLite::TransactionBehavior::IMMEDIATE);
  bool refused = false;
  for (std::size_t i = 0; i < store::Writer::kQueueBound + 10 && !refused; ++i)
    refused = !writer->submit(test::batch_of(test::healthy_run("p", static_cast<int>(i % 1000))));
  CHECK(refused);
  CHECK(writer->stats().refused > 0);
  CHECK(writer->submit({.incidents = {test::open_incident(1)}}));
  lock.reset();
  REQUIRE(writer->flush(120s));
  CHECK(test::open_reader(path).incident({1}).has_value());
}

TEST_CASE("what was submitted before the end is written at the end") {
  const test::TemporaryDirectory directory;
  {
    auto writer = test::open_writer(directory / "outaged.db");
    for (int i = 0; i < 100; ++i) writer->submit(test::batch_of(test::healthy_run("p", i)));
  }
  CHECK(test::open_reader(directory / "outaged.db").results({"p"}, 1000).size() == 100);
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
