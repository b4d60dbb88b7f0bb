#include "detect/evidence.hpp"

#include <string_view>

namespace outaged::detect {
namespace {

ProblemKind own_fault(const Failure& failure) {
  const std::string_view kind = failure.kind;
  if (kind.starts_with("token") || kind.starts_with("credential")) return ProblemKind::credentials;
  if (kind.starts_with("permission")) return ProblemKind::permission;
  if (kind.starts_with("rate_limit")) return ProblemKind::rate_limit;
  // A status page that does not answer, which is no part of what it tells of; a server that nobody here ever reached.
  if (kind == "unreachable" || kind == "never_answered" || kind == "no_known_address") return ProblemKind::unreachable;
  if (failure.layer == Layer::local) return ProblemKind::local;
  return ProblemKind::configuration;
}

}  // namespace

bool answered(const Failure& failure) {
  switch (failure.layer) {
    case Layer::api:
    case Layer::content: return true;
    case Layer::http:
      return std::string_view{failure.kind}.starts_with("status") || failure.kind == "too_many_redirects";
    case Layer::dns:
    case Layer::tcp:
    case Layer::tls:
    case Layer::timeout:
    case Layer::local: return false;
  }
  return false;
}

Meaning meaning_of(const Result& result, bool proven) {
  const Failure unnamed;
  const Failure& failure = result.failure ? *result.failure : unnamed;
  switch (result.result_class) {
    case ResultClass::success: return {Meaning::Says::healthy, std::nullopt};
    case ResultClass::platform_failure:
      if (!proven && answered(failure)) return {Meaning::Says::nothing, ProblemKind::unproven};
      return {Meaning::Says::failing, std::nullopt};
    case ResultClass::blocked: return {Meaning::Says::nothing, ProblemKind::blocked};
    case ResultClass::our_fault: return {Meaning::Says::nothing, own_fault(failure)};
    case ResultClass::our_network: return {Meaning::Says::nothing, std::nullopt};
  }
  return {};
}

}  // namespace outaged::detect
