// Judges detection on seeded streams: one line per scenario, then the quiet months. `--seeds N`, `--first N`,
// `--days N` (of quiet streams), `--only TEXT`, `--incidents DIR`, `--set KEY=VALUE` (of the section detection).
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "detection/judge.hpp"
#include "detection/scenarios.hpp"
#include "outagectl/replay_run.hpp"

namespace {

using namespace outaged;
using namespace outaged::bench;

struct Wishes {
  int seeds = 50;
  std::uint64_t first = 1000;
  int days = 30;
  std::string only;
  std::string incidents = OUTAGED_INCIDENTS;
  detect::Settings detection;
  bool verbose = false;
};

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return std::nan("");
  std::ranges::sort(values);
  const auto index = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(index, 1, values.size()) - 1];
}

std::vector<Shown> run(World& world, const Wishes& wishes) {
  ctl::Replay replay{wishes.detection, {}, world.probes()};
  ctl::replay_all(world, replay);
  if (wishes.verbose) {
    for (const auto& [id, incident] : replay.record().incidents) {
      fmt::print("  {} {}\n", id.number, incident.title);
      for (const auto& update : incident.timeline)
        fmt::print("    {} {} {}\n", format_time(update.at), to_string(update.kind), update.text);
    }
    for (const auto& loss : replay.record().site_offline)
      fmt::print("  offline {} {}\n", format_time(loss.from), loss.to ? format_time(*loss.to) : "");
  }
  return shown_by(replay.record());
}

void judge_scenario(const Truth& truth, const Wishes& wishes) {
  std::vector<double> detect, recover, covered;
  int missed = 0, incidents = 0, messages = 0, early = 0, strangers = 0, unresolved = 0;
  int named = 0, right = 0, hit = 0;
  for (int i = 0; i < wishes.seeds; ++i) {
    const std::uint64_t seed = wishes.first + static_cast<std::uint64_t>(i);
    WorldSettings settings;
    settings.from = truth.from - kLeadIn;
    settings.to = truth.to + kLeadOut;
    World world{settings, truth, seed};
    if (wishes.verbose) fmt::print("seed {}\n", seed);
    const Score score = judge(run(world, wishes), truth);
    detect.push_back(score.detect.value_or(INFINITY));
    if (score.recover) recover.push_back(*score.recover);
    covered.push_back(score.covered);
    missed += score.detect ? 0 : 1;
    unresolved += score.recover ? 0 : 1;
    incidents += score.incidents;
    messages += score.messages;
    early += score.early_all_clear ? 1 : 0;
    strangers += score.strangers;
    named += score.named;
    right += score.right;
    hit += score.hit;
  }
  const double n = wishes.seeds;
  fmt::print(
      "{:34} {:6.0f} {:6.0f} {:6.1f} {:6.1f} {:5.1f} {:4} {:5.2f} {:6.2f} {:5.2f} {:5.2f} {:5} {:4} {:5}\n", truth.name,
      quantile(detect, 0.5), quantile(detect, 0.9), quantile(recover, 0.5) / 60, quantile(recover, 0.9) / 60,
      100 * quantile(covered, 0.1), missed, incidents / n, messages / n, named ? right / double(named) : 0.0,
      right / double(hit), early, strangers, unresolved);
  std::fflush(stdout);
}

void judge_quiet(const Wishes& wishes) {
  int incidents = 0;
  for (int i = 0; i < wishes.seeds; ++i) {
    WorldSettings settings;
    settings.from = *parse_time("2026-02-02T00:00:00Z");
    settings.to = settings.from + std::chrono::days{wishes.days};
    World world{settings, std::nullopt, wishes.first + static_cast<std::uint64_t>(i)};
    if (wishes.verbose) fmt::print("seed {}\n", wishes.first + static_cast<std::uint64_t>(i));
    incidents += static_cast<int>(run(world, wishes).size());
  }
  fmt::print("quiet: {} false incidents in {} x {} days: {:.3f} per 30 days\n", incidents, wishes.seeds, wishes.days,
             incidents * 30.0 / (wishes.seeds * wishes.days));
}

}  // namespace

int main(int argc, char** argv) {
  Wishes wishes;
  auto detection = detect::settings_shape().write({});
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--verbose") {
      wishes.verbose = true;
      continue;
    }
    if (i + 1 >= argc) {
      fmt::print(stderr, "{} needs a value\n", word);
      return 64;
    }
    const std::string value = argv[++i];
    if (word == "--seeds") wishes.seeds = std::stoi(value);
    if (word == "--first") wishes.first = std::stoull(value);
    if (word == "--days") wishes.days = std::stoi(value);
    if (word == "--only") wishes.only = value;
    if (word == "--incidents") wishes.incidents = value;
    if (word == "--set") {
      const auto equals = value.find('=');
      const auto parsed = nlohmann::json::parse(value.substr(equals + 1), nullptr, false);
      detection[value.substr(0, equals)] = parsed.is_discarded() ? nlohmann::json(value.substr(equals + 1)) : parsed;
    }
  }
  json::Faults faults;
  const auto settings = detect::settings_shape().read(detection, json::Cursor{"--set", faults});
  if (!settings) {
    for (const auto& fault : faults) fmt::print(stderr, "{}\n", json::to_string(fault));
    return 64;
  }
  wishes.detection = *settings;
  fmt::print("{:34} {:>6} {:>6} {:>6} {:>6} {:>5} {:>4} {:>5} {:>6} {:>5} {:>5} {:>5} {:>4} {:>5}\n", "stream",
             "ttd50", "ttd90", "ttr50m", "ttr90m", "cov10", "miss", "incid", "messag", "prec", "rec", "early", "fals",
             "open");
  for (const Truth& truth : scenarios(wishes.incidents)) {
    if (wishes.only.empty() || truth.name.find(wishes.only) != std::string::npos) judge_scenario(truth, wishes);
  }
  if (wishes.days > 0 && (wishes.only.empty() || wishes.only == "quiet")) judge_quiet(wishes);
  return 0;
}
