#include "probe/runner.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/sleep.hpp"
#include "probe/clean_up.hpp"
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

/// What was not yet as expected is no failure of that attempt.
void forgive_last(Result& result) {
  result.steps.back().result_class = ResultClass::success;
  result.steps.back().failure.reset();
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
  std::map<std::size_t, Leftover> made;  ///< by the step that deletes it
  std::optional<Verdict> clean_up;       ///< how the last clean-up step failed
  std::set<std::size_t> went_back;       ///< the steps whose retry_from has been used

  /// Whether what this step was given by an earlier one is stale; true once.
  bool goes_back(const Step& step, std::size_t index, const StepOutcome& outcome) {
    return step.retry_from && outcome.verdict && outcome.unexpected_answer && spent < definition->timeout &&
           within(step.retry_from->status, outcome.records.back().status) && went_back.insert(index).second;
  }

  /// The verdict of independent questions: the last failure of the platform where enough of them are its own, else the
  /// last reason why we do not know.
  void judge_together();
  void blame_the_probe();
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

/// Whether a status page can be read says nothing about the platform: it is a problem of the probe.
void Runner::Course::blame_the_probe() {
  const auto turn = [](ResultClass& result_class, std::optional<Failure>& failure) {
    if (!failure || result_class == ResultClass::our_network) return;
    const bool there = failure->layer == Layer::content || failure->layer == Layer::api;
    result_class = ResultClass::our_fault;
    failure->kind = there ? "unreadable" : "unreachable";
  };
  turn(result.result_class, result.failure);
  for (auto& step : result.steps) turn(step.result_class, step.failure);
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
  std::size_t next = 0;
  for (std::size_t index = 0; index < definition->steps.size(); index = next) {
    const auto& step = definition->steps[index];
    next = index + 1;
    if (course.failed && !step.always && !definition->enough) continue;
    // Nothing to clean up when what it names was never made.
    if (step.always && step.http && !step.http->url.complete(course.values)) continue;
    next = co_await run_step(&course, index);
    note_leftovers(course, index);
  }
  if (definition->enough) course.judge_together();
  if (definition->vendor) course.blame_the_probe();
  redact(result);
  co_return std::move(result);
}

/// What has been made is written down before anything else is done: whatever happens next, it will be deleted.
void Runner::note_leftovers(Course& course, std::size_t after) {
  const auto& steps = course.definition->steps;
  if (const auto done = course.made.find(after); done != course.made.end()) {
    if (!course.clean_up && on_leftover_) on_leftover_(done->second, true);
    return;
  }
  for (std::size_t index = after + 1; index < steps.size(); ++index) {
    if (!on_leftover_ || course.made.contains(index)) continue;
    auto needed = values_for_clean_up(steps[index], course.values, *redactor_);
    if (!needed) continue;
    Leftover leftover{course.definition->id, static_cast<int>(index), timers_.wall_now(), std::move(*needed)};
    on_leftover_(leftover, false);
    course.made.emplace(index, std::move(leftover));
  }
}

boost::asio::awaitable<Runner::Deletion> Runner::clean_up(std::shared_ptr<const Definition> definition,
                                                          Leftover leftover) {
  const auto index = static_cast<std::size_t>(leftover.step);
  Course course;
  course.definition = definition;
  course.values.saved = leftover.saved;
  Deletion deletion;
  if (leftover.step < 0 || index >= definition->steps.size()) co_return deletion;
  if (!values_for_clean_up(definition->steps[index], course.values, *redactor_)) co_return deletion;
  co_await run_step(&course, index);
  deletion.steps = std::move(course.result.steps);
  const auto status = deletion.steps.empty() ? 0 : deletion.steps.back().status;
  deletion.gone = !course.clean_up || status == 404 || status == 410 || course.clean_up->failure.kind == "bad_request";
  co_return deletion;
}

boost::asio::awaitable<std::size_t> Runner::run_step(Course* course, std::size_t index) {
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
    if (!outcome.verdict || !outcome.unexpected_answer || attempt >= attempts) break;
    const Micros pause = step.until->pause_after(attempt);
    if (course->spent + pause >= course->definition->timeout) break;
    forgive_last(result);
    if (!step.always) course->spent += pause;
    const Instant next = timers_.now() + pause;
    co_await sleep_until(timers_, next);
  }
  result.usage.add(outcome.usage);
  if (course->goes_back(step, index, outcome)) {
    forgive_last(result);
    co_return *course->definition->step_named(step.retry_from->step);
  }
  for (auto& [name, value] : outcome.saved) course->values.saved[name] = std::move(value);
  std::ranges::move(outcome.vendor, std::back_inserter(result.vendor));
  if (step.always) {
    course->clean_up = std::move(outcome.verdict);
    co_return index + 1;
  }
  result.took = course->spent;
  result.slow = result.slow || outcome.slow;
  if (!outcome.verdict) {
    ++course->succeeded;
    co_return index + 1;
  }
  course->failed = true;
  if (outcome.verdict->result_class == ResultClass::platform_failure) ++course->platform_failures;
  course->fail(std::move(*outcome.verdict));
  co_return index + 1;
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
