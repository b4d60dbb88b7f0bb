#include "detect/problems.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace outaged::detect {
namespace {

constexpr int kAFew = 3;

/// A refused token stays refused; a limit, a captcha or a full file table may pass by itself.
int enough(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::credentials:
    case ProblemKind::permission:
    case ProblemKind::configuration:
    case ProblemKind::unproven: return 1;
    case ProblemKind::rate_limit:
    case ProblemKind::blocked:
    case ProblemKind::local:
    case ProblemKind::unreachable: return kAFew;
  }
  return 1;
}

}  // namespace

void ProblemWatch::seen(ProblemKind kind, const std::string& detail, WallTime known_at, WallTime now,
                        std::vector<Finding>& findings) {
  if (latest_ != kind) {
    latest_ = kind;
    in_a_row_ = 0;
    since_ = known_at;
  }
  in_a_row_ = std::min(in_a_row_ + 1, kAFew);
  if (open_ && open_->kind == kind) return;
  // Answers that alternate between two kinds must not open and close a notice each time.
  if (in_a_row_ < (open_ ? kAFew : enough(kind))) return;
  close(now, findings);
  open_ = ProbeProblem{probe_, component_, kind, true, now, since_, detail};
  findings.emplace_back(*open_);
}

void ProblemWatch::left_alone(const std::string& why, WallTime now, std::vector<Finding>& findings) {
  rests_ = true;
  answered_ = false;
  if (open_) return;
  const auto kind = latest_ == ProblemKind::blocked ? ProblemKind::blocked : ProblemKind::rate_limit;
  open_ = ProbeProblem{probe_, component_, kind, true, now, latest_ == kind ? since_ : now, why};
  findings.emplace_back(*open_);
}

void ProblemWatch::let_go(WallTime now, std::vector<Finding>& findings) {
  if (!rests_ || !answered_) return;
  rests_ = false;
  close(now, findings);
}

void ProblemWatch::solved(WallTime now, std::vector<Finding>& findings) {
  latest_.reset();
  // Its target may allow so little that this was the one answer before the next rest.
  answered_ = true;
  if (!rests_) close(now, findings);
}

void ProblemWatch::close(WallTime now, std::vector<Finding>& findings) {
  if (!open_) return;
  open_->open = false;
  open_->at = now;
  findings.emplace_back(*open_);
  open_.reset();
}

nlohmann::json ProblemWatch::save() const {
  if (!latest_ && !open_) return nullptr;
  nlohmann::json out = {nullptr, in_a_row_, since_.time_since_epoch().count(), nullptr};
  if (latest_) out[0] = std::string{to_string(*latest_)};
  if (open_) {
    out[3] = {std::string{to_string(open_->kind)}, open_->at.time_since_epoch().count(),
              open_->since.time_since_epoch().count(), open_->detail};
  }
  return out;
}

void ProblemWatch::load(const nlohmann::json& saved) {
  latest_.reset();
  open_.reset();
  if (saved.is_null()) return;
  const auto time = [](const nlohmann::json& value) { return WallTime{Micros{value.get<Micros::rep>()}}; };
  if (!saved.at(0).is_null()) latest_ = parse_enum<ProblemKind>(saved.at(0).get<std::string>());
  in_a_row_ = saved.at(1).get<int>();
  since_ = time(saved.at(2));
  const auto& open = saved.at(3);
  if (open.is_null()) return;
  const auto kind = parse_enum<ProblemKind>(open.at(0).get<std::string>());
  if (!kind) return;
  open_ =
      ProbeProblem{probe_, component_, *kind, true, time(open.at(1)), time(open.at(2)), open.at(3).get<std::string>()};
}

}  // namespace outaged::detect
