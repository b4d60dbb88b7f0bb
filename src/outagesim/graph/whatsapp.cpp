// The Cloud API's media and message calls (docs/platforms.md, "WhatsApp with credentials").
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "outagesim/graph/edges.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/graph/fields.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim::graph {
namespace {

/// An address of stored media is good for this long: measured on recorded answers.
constexpr std::int64_t kAddressSeconds = 300;

constexpr std::string_view kMediaFields = "url,mime_type,sha256,file_size,id,messaging_product";
constexpr NodeType kStoredMedia{"WhatsAppMedia", kMediaFields, kMediaFields};
constexpr NodeType kNumber{"WhatsAppBusinessPhoneNumber",
                           "verified_name,code_verification_status,display_phone_number,quality_rating,id",
                           "id,verified_name,code_verification_status,display_phone_number,quality_rating,name_status,"
                           "platform_type,status,throughput,account_mode,is_official_business_account"};

struct MediaType {
  std::string_view mime;
  std::size_t max_bytes;
  std::string_view magic;  ///< how such a file begins, where it matters
};
constexpr auto kMediaTypes = std::to_array<MediaType>({
    {"image/jpeg", 5U << 20U, "\xFF\xD8\xFF"},
    {"image/png", 5U << 20U, "\x89PNG\r\n"},
    {"image/webp", 512U << 10U, "RIFF"},
    {"video/mp4", 16U << 20U, ""},
    {"video/3gpp", 16U << 20U, ""},
    {"audio/aac", 16U << 20U, ""},
    {"audio/mp4", 16U << 20U, ""},
    {"audio/mpeg", 16U << 20U, ""},
    {"audio/amr", 16U << 20U, ""},
    {"audio/ogg", 16U << 20U, ""},
    {"application/pdf", 100U << 20U, "%PDF"},
    {"text/plain", 100U << 20U, ""},
});

Reply media_refused(const std::string& details) {
  Error error;
  error.code = 131053;
  error.message = "(#131053) Media upload error";
  error.details = details;
  return answer(error);
}

/// The stored media of the call's id, when the caller may see it.
WhatsappMedia* visible_media(World& world, const Call& call) {
  const std::string owner = call.parameter("phone_number_id");
  if (!owner.empty() && owner != world.accounts.whatsapp_phone_number_id) return nullptr;
  return find_media(world, call.path.front());
}

}  // namespace

Reply upload_media(World& world, const Call& call) {
  if (call.parameter("messaging_product") != "whatsapp")
    return answer(bad_parameter("Param messaging_product must be one of {WHATSAPP} - got \"\"."));
  const auto file = std::ranges::find_if(call.files, [](const FormPart& part) { return part.name == "file"; });
  if (file == call.files.end()) return answer(bad_parameter("The parameter file is required."));
  // The part's own type counts; a generic one is settled by the parameter `type`.
  std::string mime = file->content_type.substr(0, file->content_type.find(';'));
  if ((mime == "application/octet-stream" || mime == "text/plain") && call.has("type")) mime = call.parameter("type");
  const auto type = std::ranges::find(kMediaTypes, mime, &MediaType::mime);
  if (type == kMediaTypes.end())
    return answer(bad_parameter("Param file must be a file with one of the supported types. Received file of type '" +
                                mime + "'."));
  if (file->content.size() > type->max_bytes) return media_refused("The file is larger than its type may be");
  if (file->content.empty() || !file->content.starts_with(type->magic))
    return media_refused("The file is not of the type that was declared");
  const std::string id = new_id(world, "1");
  const std::size_t size = file->content.size();
  WhatsappMedia media{file->content, mime, sha256_hex(file->content), world.clock.wall_now()};
  world.whatsapp_media.put(id, std::move(media), size);
  return answer(Json{{"id", id}});
}

Reply look_up_media(World& world, const Call& call) {
  const std::string& id = call.path.front();
  const WhatsappMedia* media = visible_media(world, call);
  if (media == nullptr) return answer(unknown_object(call.method, id));
  const auto ends = unix_seconds(world.clock.wall_now()) + kAddressSeconds;
  const std::string url =
      fmt::format("{}/whatsapp_business/attachments/?mid={}&ext={}&hash={}", base_url(world, "lookaside.fbsbx.com"), id,
                  ends, signature(world, fmt::format("{}:{}", id, ends)));
  return answer(call, kStoredMedia,
                {{"url", url},
                 {"mime_type", media->mime_type},
                 {"sha256", media->sha256},
                 {"file_size", media->bytes.size()},
                 {"id", id},
                 {"messaging_product", "whatsapp"}});
}

Reply delete_media(World& world, const Call& call) {
  const std::string& id = call.path.front();
  if (visible_media(world, call) == nullptr) return answer(unknown_object(call.method, id));
  world.whatsapp_media.erase(id);
  return answer(Json{{"success", true}});
}

Reply send_message(World& world, const Call& call) {
  if (call.parameter("messaging_product") != "whatsapp")
    return answer(bad_parameter("The parameter messaging_product is required."));
  const std::string to = call.parameter("to");
  if (to.empty()) return answer(bad_parameter("The parameter to is required."));
  std::string digits;
  std::ranges::copy_if(to, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  const Json contact = {{"input", to}, {"wa_id", digits}};
  const Json message = {{"id", "wamid." + base64_encode(new_id(world, digits))}};
  return answer(Json{
      {"messaging_product", "whatsapp"}, {"contacts", Json::array({contact})}, {"messages", Json::array({message})}});
}

Reply phone_number(World& world, const Call& call) {
  return answer(call, kNumber,
                {{"verified_name", "Simulated shop"},
                 {"display_phone_number", "+1 555-010-0199"},
                 {"quality_rating", "GREEN"},
                 {"code_verification_status", "VERIFIED"},
                 {"id", world.accounts.whatsapp_phone_number_id}});
}

}  // namespace outaged::sim::graph
