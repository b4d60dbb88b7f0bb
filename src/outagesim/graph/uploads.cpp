// The Resumable Upload API: a session, its bytes in one or more pieces, a handle (docs/platforms.md, "Facebook Pages").
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "outagesim/graph/edges.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/rupload.hpp"

namespace outaged::sim::graph {
namespace {

constexpr std::uint64_t kMaxFile = 32U << 20U;
constexpr auto kFileTypes =
    std::to_array<std::string_view>({"application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"});

}  // namespace

Reply start_upload(World& world, const Call& call) {
  const auto length = call.number("file_length");
  if (!length || *length == 0) return answer(bad_parameter("The parameter file_length is required"));
  if (*length > kMaxFile) return answer(bad_parameter("Param file_length is larger than a file may be"));
  const std::string type = call.parameter("file_type");
  if (std::ranges::find(kFileTypes, type) == kFileTypes.end())
    return answer(bad_parameter("Param file_type must be one of {pdf, jpeg, jpg, png, mp4}"));
  const std::string number = new_id(world, "7");
  const std::string id = "upload:" + base64_encode(number);
  world.uploads.put(id, Upload{*length, {}}, *length);
  return answer(Json{{"id", id + "?sig=" + signature(world, id)}});
}

Reply continue_upload(World& world, const Call& call) {
  const std::string& id = call.path.front();
  Upload* upload = world.uploads.find(id);
  if (upload == nullptr) return answer(unknown_object(call.method, id));
  const auto offset = number_header(*call.request, "file_offset");
  if (!offset) return answer(bad_parameter("The header file_offset is required"));
  if (*offset != upload->bytes.size())
    return debug_info(412, "OffsetInvalidError", "Request starting offset is invalid", true);
  upload->bytes += call.request->body.substr(0, upload->length - upload->bytes.size());
  if (upload->bytes.size() < upload->length)
    return debug_info(200, "PartialRequestError", "Partial request (did not match length of file)", true);
  const std::string handle = fmt::format("4:{}:{}", base64_encode(id), sha256_hex(upload->bytes));
  world.uploads.erase(id);
  return answer(Json{{"h", handle}});
}

Reply upload_offset(World& world, const Call& call) {
  const std::string& id = call.path.front();
  const Upload* upload = world.uploads.find(id);
  if (upload == nullptr) return answer(unknown_object(call.method, id));
  return answer(Json{{"id", id}, {"file_offset", upload->bytes.size()}});
}

}  // namespace outaged::sim::graph
