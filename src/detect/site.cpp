#include "detect/site.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace outaged::detect {
namespace {

using namespace std::chrono_literals;

/// Weight of the latest control result in a witness's share of failures.
constexpr double kWeight = 0.3;
/// After a long loss a few good answers must be enough.
constexpr double kMostFailing = 0.6;
/// One failure among good results is just above this, one failure and a good answer just below.
constexpr double kDoubt = 0.25;
/// Together the doubtful witnesses must have lost more than one attempt, or two where there are enough to ask.
constexpr double kLeastLoss = 0.5;
constexpr double kLeastLossOfMany = 0.75;
constexpr int kMany = 3;
/// A host that fails so often in a row while we are online is down itself and says nothing about us.
constexpr int kOut = 5;
/// Back means: none lost for so long, and as many good answers of each.
constexpr Micros kSettled = 30s;
constexpr int kGoodAnswers = 2;

}  // namespace

bool SiteWatch::Witness::in_doubt() const {
  return failing >= kDoubt;
}

SiteTurn SiteWatch::reached(std::size_t endpoint, Reach reach, Moment known) {
  Witness& witness = witnesses_.at(endpoint);
  witness.lost_in_a_row = 0;
  witness.out = false;
  witness.reach = reach;
  witness.reached_in_a_row = std::min(witness.reached_in_a_row + 1, kGoodAnswers);
  witness.failing *= 1 - kWeight;
  if (online_ || !seems_back(known.own)) return SiteTurn::none;
  online_ = true;
  since_ = known;
  return SiteTurn::back;
}

SiteTurn SiteWatch::missed(std::size_t endpoint, Moment known) {
  Witness& witness = witnesses_.at(endpoint);
  if (!witness.in_doubt()) witness.doubt_since = known;
  witness.reached_in_a_row = 0;
  witness.lost_in_a_row = std::min(witness.lost_in_a_row + 1, kOut);
  witness.last_loss = known.own;
  witness.failing = std::min(kMostFailing, witness.failing * (1 - kWeight) + kWeight);
  if (!online_) return SiteTurn::none;
  if (!witness.out && seems_lost()) {
    online_ = false;
    since_ = known;
    for (const Witness& one : witnesses_) {
      if (one.in_doubt() && !one.out && one.doubt_since.own < since_.own) since_ = one.doubt_since;
    }
    return SiteTurn::lost;
  }
  if (witness.lost_in_a_row == kOut) witness.out = true;
  return SiteTurn::none;
}

bool SiteWatch::few_reach(Reach reach) const {
  const auto there =
      std::ranges::count_if(witnesses_, [reach](const Witness& one) { return !one.out && one.reach >= reach; });
  return reach != kReaches.front() && there < kMany;
}

/// Those that go farther are judged for themselves too: names and the gateway may answer while nothing else does.
bool SiteWatch::seems_lost() const {
  return std::ranges::any_of(kReaches, [this](Reach reach) { return !few_reach(reach) && seems_lost(reach); });
}

bool SiteWatch::seems_lost(Reach reach) const {
  int doubtful = 0;
  int all = 0;
  double loss = 0;
  for (const Witness& witness : witnesses_) {
    if (witness.out || witness.reach < reach) continue;
    ++all;
    if (!witness.in_doubt()) continue;
    ++doubtful;
    loss += witness.failing;
  }
  return doubtful * 2 > all && loss >= (all >= kMany ? kLeastLossOfMany : kLeastLoss);
}

bool SiteWatch::seems_back(Micros now) const {
  const auto away = [](const Witness& one) { return one.lost_in_a_row >= kOut; };
  for (const Witness& witness : witnesses_) {
    // A host that stays away for good must not keep us from seeing that the others are back.
    if (witness.out || away(witness)) continue;
    if (witness.reached_in_a_row < kGoodAnswers) return false;
    if (witness.last_loss != Micros::min() && now - witness.last_loss < kSettled) return false;
  }
  return std::ranges::all_of(kReaches, [&](Reach reach) {
    if (few_reach(reach)) return true;
    int good = 0;
    int all = 0;
    for (const Witness& witness : witnesses_) {
      if (witness.out || witness.reach < reach) continue;
      ++all;
      good += away(witness) ? 0 : 1;
    }
    return good * 2 > all;
  });
}

Reach SiteWatch::farthest() const {
  Reach farthest = kReaches.front();
  for (const Witness& witness : witnesses_) {
    if (!witness.out) farthest = std::max(farthest, witness.reach);
  }
  return farthest;
}

double SiteWatch::noise() const {
  double sum = 0;
  int all = 0;
  for (const Witness& witness : witnesses_) {
    if (witness.out) continue;
    sum += witness.failing;
    ++all;
  }
  return all == 0 ? 0 : sum / all;
}

int SiteWatch::failing() const {
  return static_cast<int>(
      std::ranges::count_if(witnesses_, [](const Witness& witness) { return witness.in_doubt() && !witness.out; }));
}

int SiteWatch::trusted() const {
  return static_cast<int>(std::ranges::count_if(witnesses_, [](const Witness& witness) { return !witness.out; }));
}

nlohmann::json SiteWatch::save() const {
  auto witnesses = nlohmann::json::array();
  for (const Witness& one : witnesses_) {
    witnesses.push_back({one.failing, one.lost_in_a_row, one.reached_in_a_row, static_cast<int>(one.reach),
                         one.last_loss.count(), one.doubt_since.own.count(),
                         one.doubt_since.wall.time_since_epoch().count(), one.out});
  }
  return {online_, since_.own.count(), since_.wall.time_since_epoch().count(), witnesses};
}

void SiteWatch::load(const nlohmann::json& saved) {
  const auto& witnesses = saved.at(3);
  if (witnesses.size() != witnesses_.size()) return;
  const auto moment = [](const nlohmann::json& own, const nlohmann::json& wall) {
    return Moment{Micros{own.get<Micros::rep>()}, WallTime{Micros{wall.get<Micros::rep>()}}};
  };
  online_ = saved.at(0).get<bool>();
  since_ = moment(saved.at(1), saved.at(2));
  for (std::size_t i = 0; i < witnesses_.size(); ++i) {
    const auto& from = witnesses.at(i);
    Witness& to = witnesses_[i];
    to.failing = from.at(0).get<double>();
    to.lost_in_a_row = from.at(1).get<int>();
    to.reached_in_a_row = from.at(2).get<int>();
    to.reach = kReaches.at(from.at(3).get<std::size_t>());
    to.last_loss = Micros{from.at(4).get<Micros::rep>()};
    to.doubt_since = moment(from.at(5), from.at(6));
    to.out = from.at(7).get<bool>();
  }
}

}  // namespace outaged::detect
