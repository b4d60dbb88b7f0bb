#pragma once
// Field expansion: an answer holds what its caller asked for with `fields`, and no more. A probe that forgets a field
// must miss it here as it would in reality.
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/expected.hpp"
#include "outagesim/graph/call.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/http_message.hpp"

namespace outaged::sim::graph {

/// What may be asked of one kind of object, in the notation of `fields` itself: "id,attachments{media,url}".
struct NodeType {
  std::string_view name;   ///< as errors name it: "Page"
  std::string_view usual;  ///< what comes when nothing is asked for
  std::string_view known;  ///< all; an object may lack some of them
};

/// Takes from an object what the call asked for; an id comes along unasked, as Graph sends it.
class Selection {
 public:
  /// Error 100 when a field is not one of `type`, 2500 when `fields` cannot be read.
  static Expected<Selection, Error> of(const Call& call, const NodeType& type);

  [[nodiscard]] Json take(const Json& object) const;

  struct Field {
    std::string name;
    std::vector<Field> inner;  ///< empty: all of it
  };

 private:
  explicit Selection(std::vector<Field> fields) : fields_(std::move(fields)) {}
  std::vector<Field> fields_;
};

/// The answer about one object.
Reply answer(const Call& call, const NodeType& type, const Json& object);

}  // namespace outaged::sim::graph
