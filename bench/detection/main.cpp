// Judges detection on seeded streams: one line a stream, then the quiet months (docs/detection.md, "How good it is").
//   --seeds N    streams of each kind (20)         --first N   the first seed (1000)
//   --days N     length of a quiet stream (30)     --only TEXT streams whose name contains it; "quiet" for the quiet
//   ones
//   --rechecks   quick re-checks are granted       --rules     the rules in use instead, for comparison
//   --set K=V    a setting of "detection"          --incidents DIR   other incident files
//   --history N  days before an incident (six hours; 14 days in the streams with strong waves)
//   --verbose    every incident in full
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "detection/drive.hpp"
#include "detection/rules.hpp"
#include "detection/scenarios.hpp"
#include "detection/table.hpp"

namespace {

using namespace outaged;
using namespace outaged::bench;

constexpr Micros kLeadIn = std::chrono::hours{6};
constexpr Micros kLeadInWaves = std::chrono::days{14};
constexpr Micros kLeadOut = std::chrono::hours{3};

struct Wishes {
  int seeds = 20;
  std::uint64_t first = 1000;
  int days = 30;
  std::optional<int> history;
  std::string only;
  std::string incidents = OUTAGED_INCIDENTS;
  detect::Settings detection;
  Rechecks rechecks = Rechecks::denied;
  bool rules = false;
  bool verbose = false;
};

class Ours final : public Monitor {
 public:
  Ours(const Wishes& wishes, const std::vector<detect::ProbeInfo>& probes) : replay_(wishes.detection, {}, probes) {}
  std::vector<detect::Recheck> take(const Result& result) override { return replay_.take(result); }
  [[nodiscard]] std::vector<Shown> shown() const override { return shown_by(replay_.record()); }
  void print() const {
    for (const auto& [id, incident] : replay_.record().incidents) {
      fmt::print("  {} {}\n", id.number, incident.title);
      for (const auto& update : incident.timeline) {
        fmt::print("    {} {} {}\n", format_time(update.at), to_string(update.kind), update.text);
      }
    }
    for (const auto& loss : replay_.record().site_offline) {
      fmt::print("  offline {} {}\n", format_time(loss.from), loss.to ? format_time(*loss.to) : "");
    }
  }

 private:
  replay::Replay replay_;
};

std::vector<Shown> watch(World& world, const Rule* rule, const Wishes& wishes) {
  if (rule != nullptr) {
    const auto monitor = rule->make(world.probes());
    drive(world, *monitor, Rechecks::denied);
    return monitor->shown();
  }
  Ours ours{wishes, world.probes()};
  drive(world, ours, wishes.rechecks);
  if (wishes.verbose) ours.print();
  return ours.shown();
}

std::uint64_t seed_of(const Wishes& wishes, int number) {
  return wishes.first + static_cast<std::uint64_t>(number);
}

Micros lead_in(const Truth& truth, const Wishes& wishes) {
  if (wishes.history) return std::chrono::days{*wishes.history};
  return truth.waves == Waves::strong ? kLeadInWaves : kLeadIn;
}

template <class TruthOf>
void judge_stream(const std::string& name, const TruthOf& truth_of, const Rule* rule, const Wishes& wishes) {
  Row row{name};
  for (int i = 0; i < wishes.seeds; ++i) {
    const auto seed = seed_of(wishes, i);
    const Truth truth = truth_of(seed);
    WorldSettings settings;
    settings.from = truth.from - lead_in(truth, wishes);
    settings.to = truth.to + kLeadOut;
    settings.waves = truth.waves;
    World world{settings, &truth, seed};
    if (wishes.verbose) fmt::print("{}, seed {}\n", name, seed);
    row.add(judge(watch(world, rule, wishes), truth));
  }
  fmt::print("{}\n", row.text());
  std::fflush(stdout);
}

void judge_quiet(const std::string& name, Waves waves, const Rule* rule, const Wishes& wishes) {
  std::size_t incidents = 0;
  for (int i = 0; i < wishes.seeds; ++i) {
    WorldSettings settings;
    settings.from = *parse_time("2026-02-02T00:00:00Z");
    settings.to = settings.from + std::chrono::days{wishes.days};
    settings.waves = waves;
    World world{settings, nullptr, seed_of(wishes, i)};
    if (wishes.verbose) fmt::print("quiet, seed {}\n", seed_of(wishes, i));
    for (const Shown& one : watch(world, rule, wishes)) {
      // The daemon knows what has been announced and keeps quiet about it; detection alone does not.
      if (std::ranges::all_of(one.components, [&](const ComponentId& id) { return world.maintained(id, one.opened); }))
        continue;
      ++incidents;
      if (wishes.verbose) fmt::print("  false: {}\n", format_time(one.opened));
    }
  }
  fmt::print("{:36} {} in {} x {} days: {:.3f} per 30 days\n", "false incidents, " + name, incidents, wishes.seeds,
             wishes.days, static_cast<double>(incidents) * 30.0 / (wishes.seeds * wishes.days));
  std::fflush(stdout);
}

void judge_all(const Rule* rule, const Wishes& wishes) {
  const auto wanted = [&wishes](const std::string& name) { return name.find(wishes.only) != std::string::npos; };
  fmt::print("{}\n{}\n", rule == nullptr ? "our detector" : rule->name, Row::head());
  for (const Truth& truth : scenarios(wishes.incidents)) {
    if (wanted(truth.name))
      judge_stream(
          truth.name, [&truth](std::uint64_t) { return truth; }, rule, wishes);
  }
  if (wanted("incidents nobody tuned for")) judge_stream("incidents nobody tuned for", surprise, rule, wishes);
  for (const auto& [name, waves] :
       {std::pair{"quiet, mild waves", Waves::mild}, {"quiet, strong waves", Waves::strong}}) {
    if (wishes.days > 0 && wanted(name)) judge_quiet(name, waves, rule, wishes);
  }
}

/// False after a complaint.
bool read(int argc, char** argv, Wishes& wishes) {
  auto detection = detect::settings_shape().write({});
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--verbose" || word == "--rules" || word == "--rechecks") {
      if (word == "--verbose") wishes.verbose = true;
      if (word == "--rules") wishes.rules = true;
      if (word == "--rechecks") wishes.rechecks = Rechecks::granted;
      continue;
    }
    const std::string value = i + 1 < argc ? argv[++i] : "";
    const auto equals = value.find('=');
    if (word == "--seeds") {
      wishes.seeds = std::stoi(value);
    } else if (word == "--first") {
      wishes.first = std::stoull(value);
    } else if (word == "--days") {
      wishes.days = std::stoi(value);
    } else if (word == "--history") {
      wishes.history = std::stoi(value);
    } else if (word == "--only") {
      wishes.only = value;
    } else if (word == "--incidents") {
      wishes.incidents = value;
    } else if (word == "--set" && equals != std::string::npos) {
      const auto parsed = nlohmann::json::parse(value.substr(equals + 1), nullptr, false);
      detection[value.substr(0, equals)] = parsed.is_discarded() ? nlohmann::json(value.substr(equals + 1)) : parsed;
    } else {
      fmt::print(stderr, "not understood: {} {}\n", word, value);
      return false;
    }
  }
  json::Faults faults;
  const auto settings = detect::settings_shape().read(detection, json::Cursor{"--set", faults});
  for (const auto& fault : faults) fmt::print(stderr, "{}\n", json::to_string(fault));
  if (!settings) return false;
  wishes.detection = *settings;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Wishes wishes;
  if (!read(argc, argv, wishes)) return 64;
  if (!wishes.rules) {
    judge_all(nullptr, wishes);
    return 0;
  }
  for (const Rule& rule : rules()) judge_all(&rule, wishes);
  return 0;
}
