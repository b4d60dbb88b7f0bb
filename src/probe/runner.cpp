#include "probe/runner.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/sleep.hpp"
#include "probe/scrub.hpp"
#include "probe/step/step.hpp"

namespace outaged::probe {
namespace {

constexpr std::size_t kLongestDetail = 500;
/// Clean-up has a time of its own, since the run's may be used up.
constexpr Micros kCleanUpTime = std::chrono::seconds{15};

using RunStep = boost::asio::awaitable<StepOutcome> (*)(StepContext);

RunStep step_runner(StepKind kind) {
  switch (kind) {
    case StepKind::dns: return &run_dns_step;
    case StepKind::tcp:
    case StepKind::tls: return &run_connect_step;
    case StepKind::http: break;
  }
  return &run_http_step;
}

}  // namespace

/// What one run has come to so far.
struct Runner::Course {
  std::shared_ptr<const Definition> definition;
  Result result;
  RunValues values;
  Micros spent{0};
  bool failed = false;
  std::int64_t succeeded = 0;
  std::int64_t platform_failures = 0;

  /// The verdict of independent questions: the last failure of the platform where enough of them are its own, else the
  /// last reason why we do not know.
  void judge_together();
  void fail(Verdict verdict) {
    result.result_class = verdict.result_class;
    result.failure = std::move(verdict.failure);
  }
};

void Runner::Course::judge_together() {
  const std::int64_t enough = *definition->enough;
  if (succeeded >= enough) {
    result.result_class = ResultClass::success;
    result.failure.reset();
    return;
  }
  const auto questions = static_cast<std::int64_t>(definition->steps.size());
  const bool theirs = questions - platform_failures < enough;
  for (const auto& step : result.steps) {
    if (step.failure && (step.result_class == ResultClass::platform_failure) == theirs)
      fail({step.result_class, *step.failure});
  }
  result.failure->detail =
      fmt::format("{} of {} questions answered, {} would do; {}", succeeded, questions, enough, result.failure->detail);
}

/// What is left of the run's time; of independent questions each has its share.
Micros Runner::time_for(const Course& course, const Step& step) {
  if (step.always) return kCleanUpTime;
  const auto& definition = *course.definition;
  const Micros left = std::max(Micros{1000}, definition.timeout - course.spent);
  return definition.enough ? std::min(left, definition.timeout / static_cast<Micros::rep>(definition.steps.size()))
                           : left;
}

boost::asio::awaitable<Result> Runner::run(std::shared_ptr<const Definition> definition, Trigger trigger) {
  Course course;
  course.definition = definition;
  auto& result = course.result;
  result.probe = definition->id;
  result.component = definition->component;
  result.trigger = trigger;
  result.at = std::chrono::floor<std::chrono::milliseconds>(timers_.wall_now());
  for (std::size_t index = 0; index < definition->steps.size(); ++index) {
    const auto& step = definition->steps[index];
    if (course.failed && !step.always && !definition->enough) continue;
    // Nothing to clean up when what it names was never made.
    if (step.always && step.http && !step.http->url.complete(course.values)) continue;
    co_await run_step(&course, index);
  }
  if (definition->enough) course.judge_together();
  redact(result);
  co_return std::move(result);
}

boost::asio::awaitable<void> Runner::run_step(Course* course, std::size_t index) {
  const Step& step = course->definition->steps[index];
  auto& result = course->result;
  if (step.http && step.http->media)
    course->values.media = generate_media(step.http->media->type, step.http->media->bytes, random_);
  const std::int64_t attempts = step.until ? step.until->attempts : 1;
  const RunStep ask = step_runner(step.kind());
  StepOutcome outcome;
  for (std::int64_t attempt = 1;; ++attempt) {
    StepContext context;
    context.engine = &engine_;
    context.resolver = &resolver_;
    context.definition = course->definition.get();
    context.step = &step;
    context.index = static_cast<std::uint8_t>(std::min<std::size_t>(index, 255));
    context.values = &course->values;
    context.memory = &memory_;
    context.timeout = time_for(*course, step);
    context.now = timers_.wall_now();
    auto attempted = co_await ask(context);
    outcome = std::move(attempted);
    if (result.steps.empty()) result.loop_lag = outcome.loop_lag;
    result.steps.insert(result.steps.end(), outcome.records.begin(), outcome.records.end());
    if (!step.always) course->spent += outcome.took();
    const bool again = outcome.verdict && outcome.unexpected_answer && attempt < attempts &&
                       course->spent + step.until->pause < course->definition->timeout;
    if (!again) break;
    // What was not yet as expected is no failure of that attempt.
    auto& record = result.steps.back();
    record.result_class = ResultClass::success;
    record.failure.reset();
    if (!step.always) course->spent += step.until->pause;
    const Instant next = timers_.now() + step.until->pause;
    co_await sleep_until(timers_, next);
  }
  for (auto& [name, value] : outcome.saved) course->values.saved[name] = std::move(value);
  if (step.always) co_return;
  result.took = course->spent;
  result.slow = result.slow || outcome.slow;
  if (!outcome.verdict) {
    ++course->succeeded;
    co_return;
  }
  course->failed = true;
  if (outcome.verdict->result_class == ResultClass::platform_failure) ++course->platform_failures;
  course->fail(std::move(*outcome.verdict));
}

/// Whatever a server echoed, and whatever it is made of: only printable text without secrets leaves the run.
void Runner::redact(Result& result) const {
  const auto clean = [this](std::optional<Failure>& failure) {
    if (failure) failure->detail = printable(scrubbed(redactor_->redact(failure->detail)), kLongestDetail);
  };
  clean(result.failure);
  for (auto& step : result.steps) clean(step.failure);
}

}  // namespace outaged::probe
