#include "outagesim/hosts.hpp"

#include <algorithm>

namespace outaged::sim {
namespace {

constexpr std::string_view kUpload = "media-upload";
constexpr std::string_view kDownload = "media-download";
constexpr std::string_view kFeed = "feed-load";
constexpr std::string_view kMessage = "message";
constexpr std::string_view kLogin = "login";
constexpr std::string_view kWeb = "web";

struct Family {
  std::string_view suffix;
  std::string_view host;
};

}  // namespace

const std::vector<Host>& hosts() {
  static const std::vector<Host> all = {
      {"graph.facebook.com", Role::graph, kFacebook, {kUpload, kFeed, kLogin}, "graph", "star.c10r.facebook.com"},
      {"graph-video.facebook.com", Role::graph, kFacebook, {kUpload}, "graph_video", "star.c10r.facebook.com"},
      {"rupload.facebook.com", Role::rupload, kFacebook, {kUpload}, "rupload", "star.c10r.facebook.com"},
      {"graph.instagram.com",
       Role::graph,
       kInstagram,
       {kUpload, kFeed, kLogin},
       "graph_instagram",
       "instagram.c10r.instagram.com"},
      {"lookaside.fbsbx.com", Role::lookaside, kWhatsapp, {kDownload}, "lookaside", "star.c10r.facebook.com"},
      {"mmg.whatsapp.net", Role::media, kWhatsapp, {kUpload, kDownload}, "whatsapp_media", "mmx-ds.cdn.whatsapp.net"},
      {"web.whatsapp.com", Role::web, kWhatsapp, {kWeb, kMessage}, "whatsapp_web", "mmx-ds.cdn.whatsapp.net"},
      {"www.whatsapp.com", Role::web, kWhatsapp, {kWeb}, "", "mmx-ds.cdn.whatsapp.net"},
      {"v.whatsapp.net", Role::web, kWhatsapp, {kLogin}, "whatsapp_registration", ""},
      {"g.whatsapp.net", Role::chat, kWhatsapp, {kMessage}, "whatsapp_chat", "chat.cdn.whatsapp.net"},
      {"e2.whatsapp.net", Role::chat, kWhatsapp, {kMessage}, "whatsapp_chat_alternate", "chat.cdn.whatsapp.net"},
      {"edge-mqtt.facebook.com", Role::web, kFacebook, {kMessage}, "facebook_realtime", "mqtt.c10r.facebook.com"},
      {"edge-chat.instagram.com", Role::web, kInstagram, {kMessage}, "instagram_realtime", "mqtt.c10r.instagram.com"},
      {"www.facebook.com", Role::web, kFacebook, {kLogin, kWeb}, "facebook_web", "star-mini.c10r.facebook.com"},
      {"m.facebook.com", Role::web, kFacebook, {kLogin, kWeb}, "", "star-mini.c10r.facebook.com"},
      {"www.instagram.com",
       Role::web,
       kInstagram,
       {kLogin, kWeb},
       "instagram_web",
       "z-p42-instagram.c10r.instagram.com"},
      {"i.instagram.com", Role::web, kInstagram, {kLogin}, "", "instagram.c10r.instagram.com"},
      {"scontent.xx.fbcdn.net", Role::cdn, kFacebook, {kDownload}, "facebook_cdn", ""},
      {"static.xx.fbcdn.net", Role::cdn, kFacebook, {kWeb}, "facebook_static", ""},
      {"scontent.cdninstagram.com", Role::cdn, kInstagram, {kDownload}, "instagram_cdn", ""},
      {"metastatus.com", Role::vendor, kVendor, {"status"}, "metastatus", ""},
      {"www.google.com", Role::control, "control", {kWeb}, "control_google", ""},
      {"www.cloudflare.com", Role::control, "control", {kWeb}, "control_cloudflare", ""},
      {"www.wikipedia.org", Role::control, "control", {kWeb}, "control_wikipedia", ""},
      {"www.debian.org", Role::control, "control", {kWeb}, "control_debian", ""},
      {"example.com", Role::control, "control", {kWeb}, "", ""},
  };
  return all;
}

const Host* find_host(std::string_view name) {
  static constexpr Family kFamilies[] = {{".fbcdn.net", "scontent.xx.fbcdn.net"},
                                         {".cdninstagram.com", "scontent.cdninstagram.com"},
                                         {".cdn.whatsapp.net", "mmg.whatsapp.net"}};
  const auto exact = std::ranges::find(hosts(), name, &Host::name);
  if (exact != hosts().end()) return &*exact;
  for (const auto& family : kFamilies) {
    if (name.size() > family.suffix.size() && name.ends_with(family.suffix)) return find_host(family.host);
  }
  return nullptr;
}

const std::vector<std::string_view>& wildcard_names() {
  static const std::vector<std::string_view> all = {"*.xx.fbcdn.net", "*.fna.fbcdn.net", "*.cdninstagram.com",
                                                    "*.cdn.whatsapp.net"};
  return all;
}

}  // namespace outaged::sim
