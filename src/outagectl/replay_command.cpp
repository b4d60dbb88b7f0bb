#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/parse.hpp"
#include "base/units.hpp"
#include "config/configuration.hpp"
#include "outagectl/commands.hpp"
#include "outagectl/exit_code.hpp"
#include "replay/csv_results.hpp"
#include "replay/report.hpp"
#include "replay/run.hpp"
#include "replay/stored_results.hpp"

namespace outaged::ctl {
namespace {

using Json = nlohmann::json;

/// "detection.KEY=VALUE" into the configuration's JSON. An error is a sentence.
std::optional<std::string> set(Json& configuration, const std::string& text) {
  const auto equals = text.find('=');
  const auto dot = text.find('.');
  if (equals == std::string::npos || dot == std::string::npos || dot > equals)
    return "--set " + text + ": allowed: detection.KEY=VALUE or incidents.KEY=VALUE";
  const std::string section = text.substr(0, dot);
  if (section != "detection" && section != "incidents")
    return "--set " + text + ": only the sections detection and incidents can be set here";
  const std::string value = text.substr(equals + 1);
  auto parsed = Json::parse(value, nullptr, false);
  configuration[section][text.substr(dot + 1, equals - dot - 1)] = parsed.is_discarded() ? Json(value) : parsed;
  return std::nullopt;
}

struct Chosen {
  detect::Settings detection;
  incident::Settings incidents;
  schedule::Settings schedule;
};

/// The settings that hold for the replay, or an exit code after a complaint.
Expected<Chosen, int> settings_of(const Context& context, const std::vector<std::string>& sets) {
  const auto loaded = config::load_settings(context.configuration);
  if (!loaded) {
    fmt::print(stderr, "{}", config::to_text(loaded.error()));
    return Unexpected<int>{kBadConfiguration};
  }
  Json document = {{"detection", detect::settings_shape().write(loaded->detection)},
                   {"incidents", incident::settings_shape().write(loaded->incidents)}};
  for (const auto& one : sets) {
    if (const auto fault = set(document, one)) return Unexpected<int>{complain(*fault, kUsage)};
  }
  json::Faults faults;
  const json::Cursor cursor{"--set", faults};
  const auto detection = detect::settings_shape().read(document.at("detection"), cursor.at("detection"));
  const auto incidents = incident::settings_shape().read(document.at("incidents"), cursor.at("incidents"));
  if (!detection || !incidents) {
    fmt::print(stderr, "{}", config::to_text(faults));
    return Unexpected<int>{kBadConfiguration};
  }
  return Chosen{*detection, *incidents, loaded->schedule};
}

int run(replay::ResultSource& source, const Chosen& settings, const ReplayWishes& wishes) {
  auto probes = source.probes();
  const auto interval = wishes.sample.empty() ? std::optional{Micros{0}} : parse_duration(wishes.sample);
  if (!interval || (!wishes.sample.empty() && *interval < std::chrono::seconds{1}))
    return complain("--sample " + wishes.sample + ": allowed: a duration from 1s on, such as 60s", kUsage);
  if (*interval > Micros{0}) {
    for (auto& probe : probes) probe.interval = *interval;
  }
  replay::Replay replay{settings.detection, settings.incidents, probes};
  const replay::Rows rows = *interval > Micros{0} ? replay::run_sampled(source, replay, *interval, settings.schedule)
                                                  : replay::run_all(source, replay);
  if (rows.late > 0)
    fmt::print(stderr, "outagectl: {} row(s) left out: more than five seconds out of order\n", rows.late);
  if (*interval > Micros{0} && rows.read > 0)
    fmt::print(stderr, "outagectl: {} of {} rows used ({:.1f} %)\n", rows.used, rows.read,
               100.0 * static_cast<double>(rows.used) / static_cast<double>(rows.read));
  if (wishes.format == "json") {
    print_json(replay::to_json(replay.record(), rows));
  } else {
    fmt::print("{}",
               wishes.format == "events" ? replay::to_events(replay.record()) : replay::to_text(replay.record(), rows));
  }
  return kOk;
}

}  // namespace

int replay(const Context& context, const ReplayWishes& wishes) {
  const auto settings = settings_of(context, wishes.sets);
  if (!settings) return settings.error();
  if (!wishes.csv.empty()) {
    auto csv = replay::CsvResults::open(wishes.csv);
    if (!csv) return complain(csv.error(), kBadData);
    return run(*csv, *settings, wishes);
  }
  const auto bound = [](const std::string& text, WallTime otherwise) -> std::optional<WallTime> {
    if (text.empty()) return otherwise;
    if (const auto time = parse_time(text)) return time;
    if (const auto ago = parse_duration(text)) return wall_clock_now() - *ago;
    return std::nullopt;
  };
  const auto since = bound(wishes.since, WallTime::min());
  const auto until = bound(wishes.until, WallTime::max());
  if (!since || !until)
    return complain("--since and --until: allowed: a time such as 2026-03-02T00:00:00Z, or how long ago, such as 2d",
                    kUsage);
  auto stored = replay::StoredResults::open(context.source.database, *since, *until);
  if (!stored) return complain(stored.error(), kUnreachable);
  return run(*stored, *settings, wishes);
}

}  // namespace outaged::ctl
