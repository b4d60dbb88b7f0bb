#include "detect/site.hpp"

#include <algorithm>
#include <array>

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
/// A host that fails so often in a row, while others are answered as deep, is down itself and says nothing about us;
/// where nobody is, we are cut off.
constexpr int kOut = 5;
/// What lies behind a name.
constexpr std::array kDeeper = {Depth::tcp, Depth::tls, Depth::http};
/// Back means: none lost for so long, and as many good answers of each.
constexpr Micros kSettled = 30s;
constexpr int kGoodAnswers = 2;

}  // namespace

bool SiteWatch::Witness::in_doubt() const {
  return failing >= kDoubt;
}

SiteTurn SiteWatch::reached(std::size_t endpoint, Depth depth, Moment known) {
  Witness& witness = witnesses_.at(endpoint);
  witness.lost_in_a_row = 0;
  witness.out = false;
  witness.depth = depth;
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
  if (!online_ || witness.out) return SiteTurn::none;
  const bool away = witness.lost_in_a_row == kOut;
  const bool others_answer = away && open_since(witness.depth, witness.doubt_since.own);
  if (seems_lost() || (away && !others_answer)) {
    online_ = false;
    since_ = known;
    for (const Witness& one : witnesses_) {
      if (one.in_doubt() && !one.out && one.doubt_since.own < since_.own) since_ = one.doubt_since;
    }
    return SiteTurn::lost;
  }
  witness.out = away;
  return SiteTurn::none;
}

void SiteWatch::answered(Depth depth, Micros began) {
  auto& latest = answered_[static_cast<std::size_t>(depth)];
  latest = std::max(latest, began);
}

bool SiteWatch::open_since(Depth depth, Micros own) const {
  return std::any_of(answered_.begin() + static_cast<std::ptrdiff_t>(depth), answered_.end(),
                     [own](Micros began) { return began >= own; });
}

SiteWatch::Group SiteWatch::group(Depth depth) const {
  Group group;
  for (const Witness& one : witnesses_) {
    if (one.out || one.depth < depth) continue;
    ++group.all;
    group.away += one.lost_in_a_row >= kOut ? 1 : 0;
    if (!one.in_doubt()) continue;
    ++group.doubtful;
    group.loss += one.failing;
  }
  return group;
}

/// The gateway judges only where nobody else does: it answers while our provider is gone.
SiteWatch::Group SiteWatch::judges() const {
  const Group all = group(Depth::dns);
  return all.all == 0 ? group(Depth::gateway) : all;
}

bool SiteWatch::seems_lost() const {
  const Group all = judges();
  if (all.doubtful * 2 > all.all && all.loss >= (all.all >= kMany ? kLeastLossOfMany : kLeastLoss)) return true;
  // Names may be answered while no connection is.
  return std::ranges::any_of(kDeeper, [this](Depth depth) {
    const Group deep = group(depth);
    return deep.all >= kMany && deep.doubtful == deep.all && deep.loss >= kLeastLossOfMany;
  });
}

bool SiteWatch::seems_back(Micros now) const {
  for (const Witness& one : witnesses_) {
    // A host that stays away for good must not keep us from seeing that the others are back.
    if (one.out || one.lost_in_a_row >= kOut) continue;
    if (one.reached_in_a_row < kGoodAnswers) return false;
    if (one.last_loss != Micros::min() && now - one.last_loss < kSettled) return false;
  }
  const Group all = judges();
  if (all.away * 2 >= all.all) return false;
  // Where all that go so deep stay away, somebody else must have been answered.
  return std::ranges::none_of(kDeeper, [this](Depth depth) {
    const Group deep = group(depth);
    return deep.all > 0 && deep.away == deep.all && !open_since(depth, since_.own);
  });
}

Depth SiteWatch::deepest() const {
  Depth deepest = Depth::gateway;
  for (const Witness& one : witnesses_) {
    if (!one.out) deepest = std::max(deepest, one.depth);
  }
  return deepest;
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
    witnesses.push_back({one.failing, one.lost_in_a_row, one.reached_in_a_row, static_cast<int>(one.depth),
                         one.last_loss.count(), one.doubt_since.own.count(),
                         one.doubt_since.wall.time_since_epoch().count(), one.out});
  }
  auto answered = nlohmann::json::array();
  for (const Micros began : answered_) answered.push_back(began.count());
  return {online_, since_.own.count(), since_.wall.time_since_epoch().count(), std::move(witnesses),
          std::move(answered)};
}

void SiteWatch::load(const nlohmann::json& saved) {
  const auto& witnesses = saved.at(3);
  if (witnesses.size() != witnesses_.size()) return;
  const auto moment = [](const nlohmann::json& own, const nlohmann::json& wall) {
    return Moment{Micros{own.get<Micros::rep>()}, WallTime{Micros{wall.get<Micros::rep>()}}};
  };
  online_ = saved.at(0).get<bool>();
  since_ = moment(saved.at(1), saved.at(2));
  for (std::size_t i = 0; i < answered_.size(); ++i) answered_[i] = Micros{saved.at(4).at(i).get<Micros::rep>()};
  for (std::size_t i = 0; i < witnesses_.size(); ++i) {
    const auto& from = witnesses.at(i);
    Witness& to = witnesses_[i];
    to.failing = from.at(0).get<double>();
    to.lost_in_a_row = from.at(1).get<int>();
    to.reached_in_a_row = from.at(2).get<int>();
    to.depth = kDepths.at(from.at(3).get<std::size_t>());
    to.last_loss = Micros{from.at(4).get<Micros::rep>()};
    to.doubt_since = moment(from.at(5), from.at(6));
    to.out = from.at(7).get<bool>();
  }
}

}  // namespace outaged::detect
