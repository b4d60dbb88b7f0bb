#pragma once
// The Graph API as one table: which kind of object, method and edge is answered by which function, for which platform
// and function of ours. A new edge is one row and one function.
#include <functional>

#include "outagesim/fault_plan.hpp"
#include "outagesim/graph/call.hpp"
#include "outagesim/http_message.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim::graph {

/// What an object is, by its id.
enum class Node {
  root,
  me,
  oauth,
  app,
  page,
  page_photo,
  page_video,
  phone_number,
  stored_media,
  ig_user,
  container,
  upload,
  unknown
};

struct Target {
  Endpoint endpoint;
  /// Makes the healthy answer, headers and all.
  std::function<Reply()> answer;
};

/// Finds who answers `call`. `world` and `call` must outlive the target.
Target find_target(World& world, const Call& call);

/// The answer of a platform whose application fails (layer api), or whose sessions fail (layer auth).
Reply failing_answer(World& world, const Call& call, const Endpoint& endpoint, const Strike& strike);

}  // namespace outaged::sim::graph
