#include "outagesim/world.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace outaged::sim {

std::uint64_t DayCount::at(WallTime now) {
  while (!times_.empty() && now - times_.front() >= std::chrono::hours{24}) times_.pop_front();
  return times_.size();
}

WhatsappMedia* find_media(World& world, const std::string& id) {
  constexpr std::chrono::hours kLife{30 * 24};
  WhatsappMedia* media = world.whatsapp_media.find(id);
  if (media == nullptr || world.clock.wall_now() - media->uploaded < kLife) return media;
  world.whatsapp_media.erase(id);
  return nullptr;
}

std::string base_url(const World& world, std::string_view host) {
  return fmt::format("https://{}:{}", host, world.https_port);
}

std::string new_id(World& world, std::string_view prefix) {
  return fmt::format("{}{:05}{:06}", prefix, world.random.below(100'000), ++world.last_id % 1'000'000);
}

std::string signature(const World& world, std::string_view text) {
  return sha256_hex(fmt::format("outagesim:{}:{}", world.seed, text)).substr(0, 24);
}

std::int64_t unix_seconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace outaged::sim
