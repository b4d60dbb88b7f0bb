#include <filesystem>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "store/result_codec.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {

/// Any result that the runner can make, within the store's resolution.
Result any_result() {
  const auto number = [](std::int64_t most) { return *rc::gen::inRange<std::int64_t>(0, most); };
  const auto failure = [&]() -> Failure {
    return {static_cast<Layer>(number(8)), number(2) == 0 ? std::nullopt : std::optional{static_cast<Phase>(number(6))},
            "kind_" + std::to_string(number(9)), *rc::gen::string<std::string>()};
  };
  Result result = test::healthy_run("p", 0);
  result.at = test::base_time() + std::chrono::milliseconds{number(1'000'000)};
  result.trigger = static_cast<Trigger>(number(3));
  result.slow = number(2) == 1;
  result.loop_lag = std::chrono::milliseconds{number(5000)};
  result.result_class = static_cast<ResultClass>(number(5));
  result.steps.clear();
  for (std::int64_t i = 0, steps = number(5); i < steps; ++i) {
    StepResult step;
    step.step = static_cast<std::uint8_t>(number(5));
    step.kind = static_cast<StepKind>(number(4));
    step.status = static_cast<std::uint16_t>(number(600));
    for (auto& phase : step.phases.of) phase = Micros{number(20'000'000)};
    if (number(2) == 1) step.address = "2001:db8::" + std::to_string(number(99));
    if (number(2) == 1) step.certificate_ends = test::base_time() + std::chrono::hours{number(1000)};
    result.steps.push_back(step);
  }
  if (result.result_class != ResultClass::success) {
    result.failure = failure();
    if (!result.steps.empty()) {
      result.steps.back().result_class = result.result_class;
      result.steps.back().failure = failure();
      result.steps.back().bytes_sent = static_cast<std::uint64_t>(number(1 << 20));
    }
  }
  PhaseTimes sum;
  for (const auto& step : result.steps) sum += step.phases;
  result.took = sum.total() + Micros{number(1'000'000)};
  return result;
}

}  // namespace

TEST_CASE("every result comes back from the database as it went in") {
  rc::check([] {
    const test::TemporaryDirectory directory;
    auto writer = test::open_writer(directory / "outaged.db");
    const Result result = any_result();
    writer->submit(test::batch_of(result));
    RC_ASSERT(writer->flush(30s));
    auto reader = test::open_reader(directory / "outaged.db");
    const auto stored = reader.results(result.probe, 10);
    RC_ASSERT(stored.size() == 1U);
    RC_ASSERT(stored.front() == result);
  });
}

TEST_CASE("a raw row of a typical run takes at most 50 bytes on disk") {
  const test::TemporaryDirectory directory;
  constexpr int kProbes = 200;
  constexpr int kRuns = 500;
  {
    auto writer = test::open_writer(directory / "outaged.db");
    for (int run = 0; run < kRuns; ++run) {
      store::Batch batch;
      for (int probe = 0; probe < kProbes; ++probe) {
        auto result = test::healthy_run("probe-" + std::to_string(probe), run);
        result.at += std::chrono::milliseconds{probe * 17};
        batch.results.push_back(std::move(result));
      }
      writer->submit(std::move(batch));
    }
    REQUIRE(writer->flush(60s));
  }
  const auto bytes = std::filesystem::file_size(directory / "outaged.db");
  CHECK(static_cast<double>(bytes) / (kProbes * kRuns) <= 50.0);
}

TEST_CASE("codes that no program ever wrote are read as our own fault and not as an outage") {
  CHECK(store::decode_class(7) == ResultClass::our_fault);
  CHECK(store::decode_class(-1) == ResultClass::our_fault);
  CHECK(store::decode_kind(99) == StepKind::dns);
}
