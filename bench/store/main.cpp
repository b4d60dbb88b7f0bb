// store: results per second through the writer, one batch a result as the daemon submits them, with synchronous=FULL,
// against a bare loop of inserts into the same table in transactions of the size that the writer came to.
#include <filesystem>

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include "base/clock.hpp"
#include "line.hpp"
#include "store/database.hpp"
#include "store/writer.hpp"
#include "support/temporary_directory.hpp"

namespace {

using namespace outaged;
using namespace std::chrono_literals;

constexpr int kResults = 200'000;
constexpr int kProbes = 500;

double seconds_since(Instant begin) {
  return std::chrono::duration<double>(MonotonicClock::now() - begin).count();
}

Result run_of(int number) {
  StepResult step;
  step.phases.of = {1200us, 21'000us, 45'000us, 80us, 130'000us, 900us};
  step.address = "157.240.1.35";
  step.status = 200;
  Result result;
  result.probe = {"probe-" + std::to_string(number % kProbes)};
  result.component = {"whatsapp", "media-upload"};
  result.at =
      WallTime{1'790'000'000s} + std::chrono::minutes{number / kProbes} + std::chrono::milliseconds{number % kProbes};
  result.took = step.phases.total();
  result.steps.push_back(std::move(step));
  return result;
}

struct Outcome {
  double rows_per_second = 0;
  double rows_per_commit = 0;
  double bytes_per_row = 0;
};

Outcome through_the_writer(const std::string& path) {
  auto writer = store::Writer::open({.path = path, .retention = 24h * 3650}, wall_clock_now);
  if (!writer) throw std::runtime_error(writer.error().reason);
  const Instant begin = MonotonicClock::now();
  for (int i = 0; i < kResults; ++i) {
    store::Batch batch;
    batch.results.push_back(run_of(i));
    while (!(*writer)->submit(std::move(batch))) (*writer)->flush(10s);
  }
  (*writer)->flush(120s);
  const double seconds = seconds_since(begin);
  const auto stats = (*writer)->stats();
  writer->reset();
  return {kResults / seconds, static_cast<double>(stats.results) / static_cast<double>(stats.commits),
          static_cast<double>(std::filesystem::file_size(path)) / kResults};
}

/// The same rows by the C interface, one prepared statement, transactions of `batch` rows.
double bare_loop(const std::string& path, int batch) {
  auto made = store::open_for_writing(path);
  if (!made) throw std::runtime_error(made.error().reason);
  sqlite3* database = (*made)->getHandle();
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(database, "INSERT INTO result VALUES (?,?,0,200,0,0,1,1200,21000,45000,80,130000,900)", -1,
                     &insert, nullptr);
  const Instant begin = MonotonicClock::now();
  for (int i = 0; i < kResults; ++i) {
    if (i % batch == 0)
      sqlite3_exec(database, i == 0 ? "BEGIN IMMEDIATE" : "COMMIT; BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
    sqlite3_bind_int64(insert, 1, i % kProbes);
    sqlite3_bind_int64(insert, 2, 1'790'000'000'000 + 60'000LL * (i / kProbes) + i % kProbes);
    sqlite3_step(insert);
    sqlite3_reset(insert);
  }
  sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
  const double seconds = seconds_since(begin);
  sqlite3_finalize(insert);
  return kResults / seconds;
}

}  // namespace

int main() {
  const outaged::test::TemporaryDirectory directory;
  const auto ours = through_the_writer(directory / "ours.db");
  const auto reference = bare_loop(directory / "bare.db", std::max(1, static_cast<int>(ours.rows_per_commit)));
  outaged::bench::print(
      "store", ours.rows_per_second, reference, "results/s",
      fmt::format("synchronous=FULL, {:.0f} rows a commit; reference: bare SQLite loop", ours.rows_per_commit));
  outaged::bench::print("store-row", ours.bytes_per_row, 50, "bytes/row", "whole file by rows; reference: the bound");
  return 0;
}
