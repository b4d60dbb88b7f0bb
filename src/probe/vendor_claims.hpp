#pragma once
// What the readers of the several formats share: collecting claims within bounds, and understanding words and times.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/vendor.hpp"
#include "probe/vendor_status.hpp"

namespace outaged::probe {

/// Collects claims about what a page concerns us; cleans and shortens what they say.
class VendorClaims {
 public:
  explicit VendorClaims(const VendorPage& page) : page_(page) {}

  /// Our platforms that the product with this id or name concerns; null when it does not.
  [[nodiscard]] const std::vector<std::string>* platforms_of(const std::string& id, const std::string& name) const;
  void add(const std::string& subject, const std::vector<std::string>& platforms, VendorState state,
           const std::string& words, std::optional<WallTime> since);
  [[nodiscard]] std::vector<VendorClaim> take() { return std::move(claims_); }
  [[nodiscard]] bool empty() const { return claims_.empty(); }

 private:
  const VendorPage& page_;
  std::vector<VendorClaim> claims_;
};

/// What words such as "Medium disruptions" or "This has been resolved" say.
VendorState state_in(std::string_view words);

/// RFC 3339, or as mails and feeds write times (RFC 5322).
std::optional<WallTime> time_in(const std::string& text);

/// vendor_feed.cpp
Expected<std::vector<VendorClaim>, std::string> read_feed(const VendorPage& page, std::string_view body);

}  // namespace outaged::probe
