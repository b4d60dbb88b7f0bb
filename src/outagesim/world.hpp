#pragma once
// What the simulated platforms know: tokens, accounts, stored media, upload sessions, containers. All bounded. Endpoint
// functions take it by reference; one thread.
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/named_enum.hpp"
#include "base/random.hpp"
#include "base/timer_queue.hpp"
#include "outagesim/bounded_store.hpp"
#include "outagesim/tokens.hpp"

namespace outaged::sim {

/// Fixed ids of the simulated owner's assets.
struct Accounts {
  std::string graph_version = "v23.0";
  std::string whatsapp_phone_number_id = "106540352242922";
  std::string facebook_app_id = "1187432658822310";
  std::string facebook_page_id = "104021334567890";
  std::string instagram_user_id = "17841405822304914";
};

struct WhatsappMedia {
  std::string bytes;
  std::string mime_type;
  std::string sha256;
  WallTime uploaded;
};

/// Bytes that arrive in pieces: Facebook's upload sessions, and Instagram's videos.
struct Upload {
  std::uint64_t length = 0;  ///< announced; 0 when not yet known
  std::string bytes;
};

/// A video on its way in: bytes first, processing after.
struct Film {
  Upload upload;
  WallTime created;
  std::optional<WallTime> ready;  ///< when processing ends; absent while bytes are missing
  std::string error;              ///< sub-code and text once it failed
  bool published = false;
};

/// Instagram's. One of a picture has no bytes: the platform fetches them.
struct Container : Film {
  enum class Kind { image, video };
  Kind kind = Kind::video;
};

struct Photo {
  WallTime uploaded;
};

/// What the official status page tells, and when: vendors speak late.
struct VendorNews {
  std::vector<std::string> platforms;
  std::vector<std::string> functions;  ///< empty: all
  std::string title;
  std::optional<WallTime> acknowledged_at;  ///< from then on the page shows trouble
  std::optional<WallTime> resolved_at;
};

/// What an entry of a feed is. A text has no media, as on Instagram one whose media are withheld; a hidden one is shown
/// to nobody.
enum class PostKind { picture, webp, film, text, hidden };

/// How often something was done within the last 24 hours, which roll on.
class DayCount {
 public:
  [[nodiscard]] std::uint64_t at(WallTime now);
  void add(WallTime now) { times_.push_back(now); }

 private:
  std::deque<WallTime> times_;
};

/// Calls within an hour, and how many of them a platform allows. At its limit it refuses calls, and counts them.
class CallLimit {
 public:
  void count(WallTime now) {
    if (over(now)) {
      since_ = now;
      calls_ = 0;
    }
    ++calls_;
  }
  void allow(std::uint64_t hourly) { hourly_ = hourly; }
  [[nodiscard]] std::uint64_t hourly() const { return hourly_; }
  [[nodiscard]] std::uint64_t percent(WallTime now) const { return over(now) ? 0 : calls_ * 100 / hourly_; }
  /// Until calls are served again; zero when they are.
  [[nodiscard]] Micros closed_for(WallTime now) const { return percent(now) < 100 ? Micros{0} : since_ + kHour - now; }

 private:
  static constexpr Micros kHour = std::chrono::hours{1};
  [[nodiscard]] bool over(WallTime now) const { return now - since_ >= kHour || now < since_; }

  WallTime since_;
  std::uint64_t calls_ = 0;
  std::uint64_t hourly_ = 20'000;
};

struct World {
  World(TimerQueue& queue, std::uint64_t seed_value)
      : clock(queue), seed(seed_value), random(seed_value), tokens(seed_value) {}

  TimerQueue& clock;
  std::uint64_t seed;
  Random random;
  Tokens tokens;
  Accounts accounts;
  std::uint16_t https_port = 0;
  BoundedStore<WhatsappMedia> whatsapp_media{2'000, 64U << 20U};
  BoundedStore<Upload> uploads{500, 64U << 20U};
  BoundedStore<Container> containers{1'000, 64U << 20U};
  BoundedStore<Photo> photos{2'000, 0};
  BoundedStore<Film> videos{1'000, 64U << 20U};  ///< of pages
  DayCount containers_made;
  DayCount publications;
  VendorNews vendor;
  /// Platform → the newest entries of its feed, newest first; all others are pictures.
  std::map<std::string, std::vector<PostKind>, std::less<>> newest_posts;
  std::map<std::string, CallLimit, std::less<>> limits;  ///< by platform
  std::uint64_t last_id = 0;
};

/// Media of WhatsApp that are stored still: 30 days after their upload they are deleted.
WhatsappMedia* find_media(World& world, const std::string& id);

/// "https://host:port".
std::string base_url(const World& world, std::string_view host);

/// A new numeric id that begins with `prefix`.
std::string new_id(World& world, std::string_view prefix);

/// A signature over `text` that only this simulator makes: 24 hexadecimal digits.
std::string signature(const World& world, std::string_view text);

std::int64_t unix_seconds(WallTime time);

}  // namespace outaged::sim

namespace outaged {
template <>
inline constexpr auto kEnumNames<sim::PostKind> = std::to_array<std::string_view>({"picture", "webp", "film", "text",
                                                                                   "hidden"});
}  // namespace outaged
