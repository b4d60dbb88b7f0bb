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
/// A control that says nothing for so long, because it cannot ask, is not waited for.
constexpr Micros kForgotten = 5min;
constexpr int kGoodAnswers = 2;
constexpr int kManyAnswers = 10;

}  // namespace

bool SiteWatch::Witness::in_doubt() const {
  return failing >= kDoubt;
}

bool SiteWatch::Witness::away() const {
  return lost_in_a_row >= kOut;
}

SiteTurn SiteWatch::reached(std::size_t endpoint, Depth depth, Moment known) {
  Witness& witness = witnesses_.at(endpoint);
  witness.lost_in_a_row = 0;
  witness.out = false;
  witness.depth = depth;
  witness.heard = known.own;
  witness.reached_in_a_row = std::min(witness.reached_in_a_row + 1, kGoodAnswers);
  witness.failing *= 1 - kWeight;
  return turn_back(known);
}

SiteTurn SiteWatch::missed(std::size_t endpoint, Moment known) {
  Witness& witness = witnesses_.at(endpoint);
  if (!witness.in_doubt()) witness.doubt_since = known;
  if (witness.lost_in_a_row == 0) witness.missing_since = known.own;
  witness.reached_in_a_row = 0;
  witness.lost_in_a_row = std::min(witness.lost_in_a_row + 1, kOut);
  witness.heard = witness.last_loss = known.own;
  witness.failing = std::min(kMostFailing, witness.failing * (1 - kWeight) + kWeight);
  if (!online_ || witness.out) return SiteTurn::none;
  const bool others_answer = open_since(witness.depth, witness.missing_since);
  if (seems_lost() || (witness.away() && !others_answer)) {
    online_ = false;
    since_ = known;
    lost_at_ = known.own;
    for (const Witness& one : witnesses_) {
      if (one.in_doubt() && one.counts() && one.doubt_since.own < since_.own) since_ = one.doubt_since;
    }
    return SiteTurn::lost;
  }
  witness.out = witness.away();
  return SiteTurn::none;
}

SiteTurn SiteWatch::answered(Depth depth, Micros began, Moment known) {
  auto& latest = answered_[static_cast<std::size_t>(depth)];
  latest = std::max(latest, began);
  answers_in_a_row_ = std::min(answers_in_a_row_ + 1, kManyAnswers);
  return turn_back(known);
}

SiteTurn SiteWatch::turn_back(Moment known) {
  if (online_ || !seems_back(known.own)) return SiteTurn::none;
  online_ = true;
  since_ = known;
  // Who stays away although we are back is down itself.
  for (Witness& one : witnesses_) one.out = one.out || one.away();
  return SiteTurn::back;
}

bool SiteWatch::open_since(Depth depth, Micros own) const {
  return std::any_of(answered_.begin() + static_cast<std::ptrdiff_t>(depth), answered_.end(),
                     [own](Micros began) { return began >= own; });
}

/// Of a network that loses nine attempts of ten somebody is answered too; so many in a row are not.
bool SiteWatch::well_answered(Depth depth) const {
  return answers_in_a_row_ == kManyAnswers && open_since(depth, lost_at_);
}

SiteWatch::Group SiteWatch::group(Depth depth) const {
  Group group;
  for (const Witness& one : witnesses_) {
    if (one.out || one.depth < depth) continue;
    if (one.unheard()) {
      ++group.unheard;
      continue;
    }
    ++group.all;
    group.away += one.away() ? 1 : 0;
    if (!one.in_doubt()) continue;
    ++group.doubtful;
    group.loss += one.failing;
    group.missing_since = std::min(group.missing_since, one.missing_since);
  }
  return group;
}

/// The gateway judges only where nobody else does: it answers while our provider is gone.
Depth SiteWatch::judging() const {
  const Group names = group(Depth::dns);
  return names.all + names.unheard > 0 ? Depth::dns : Depth::gateway;
}

bool SiteWatch::seems_lost() const {
  const Group judges = group(judging());
  const int all = judges.all + judges.unheard;
  if (judges.doubtful * 2 > all && judges.loss >= (all >= kMany ? kLeastLossOfMany : kLeastLoss)) return true;
  // Names may be answered while no connection is.
  return std::ranges::any_of(kDeeper, [this](Depth depth) {
    const Group deep = group(depth);
    return deep.all >= kMany && deep.doubtful == deep.all && deep.loss >= kLeastLossOfMany &&
           !open_since(depth, deep.missing_since);
  });
}

bool SiteWatch::seems_back(Micros now) const {
  const Depth least = judging();
  for (const Witness& one : witnesses_) {
    if (!one.counts() || one.depth < least || now - one.heard > kForgotten) continue;
    // A host that stays away for good must not keep us from seeing that the others are back.
    if (one.away()) continue;
    if (one.reached_in_a_row < kGoodAnswers) return false;
    if (one.last_loss != Micros::min() && now - one.last_loss < kSettled) return false;
  }
  // Where half of them stay away, or all that go so deep, others must be answered.
  const Group all = group(least);
  if (all.away * 2 >= all.all && !well_answered(Depth::http)) return false;
  return std::ranges::none_of(kDeeper, [this](Depth depth) {
    const Group deep = group(depth);
    return deep.all > 0 && deep.away == deep.all && !well_answered(depth);
  });
}

Depth SiteWatch::deepest() const {
  Depth deepest = Depth::gateway;
  for (const Witness& one : witnesses_) {
    if (one.counts()) deepest = std::max(deepest, one.depth);
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
                         one.heard.count(), one.last_loss.count(), one.missing_since.count(),
                         one.doubt_since.own.count(), one.doubt_since.wall.time_since_epoch().count(), one.out});
  }
  auto answered = nlohmann::json::array();
  for (const Micros began : answered_) answered.push_back(began.count());
  return {online_,          since_.own.count(),   since_.wall.time_since_epoch().count(),
          lost_at_.count(), std::move(witnesses), std::move(answered),
          answers_in_a_row_};
}

void SiteWatch::load(const nlohmann::json& saved) {
  const auto& witnesses = saved.at(4);
  if (witnesses.size() != witnesses_.size()) return;
  const auto micros = [](const nlohmann::json& value) { return Micros{value.get<Micros::rep>()}; };
  const auto moment = [&micros](const nlohmann::json& own, const nlohmann::json& wall) {
    return Moment{micros(own), WallTime{micros(wall)}};
  };
  online_ = saved.at(0).get<bool>();
  since_ = moment(saved.at(1), saved.at(2));
  lost_at_ = micros(saved.at(3));
  answers_in_a_row_ = saved.at(6).get<int>();
  for (std::size_t i = 0; i < answered_.size(); ++i) answered_[i] = micros(saved.at(5).at(i));
  for (std::size_t i = 0; i < witnesses_.size(); ++i) {
    const auto& from = witnesses.at(i);
    Witness& to = witnesses_[i];
    to.failing = from.at(0).get<double>();
    to.lost_in_a_row = from.at(1).get<int>();
    to.reached_in_a_row = from.at(2).get<int>();
    to.depth = kDepths.at(from.at(3).get<std::size_t>());
    to.heard = micros(from.at(4));
    to.last_loss = micros(from.at(5));
    to.missing_since = micros(from.at(6));
    to.doubt_since = moment(from.at(7), from.at(8));
    to.out = from.at(9).get<bool>();
  }
}

}  // namespace outaged::detect
