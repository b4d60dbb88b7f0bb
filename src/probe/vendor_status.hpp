#pragma once
// Reading a vendor's own status page: Meta's data, the Statuspage format, RSS and Atom. What comes is as hostile as
// everything from the network: bounded, validated, and only printable text leaves. Pure.
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "base/json/shape.hpp"
#include "base/named_enum.hpp"
#include "core/vendor.hpp"

namespace outaged::probe {

enum class VendorFormat {
  metastatus,  ///< metastatus.com/data/orgs.json
  statuspage,  ///< summary.json of a page in the Statuspage format
  feed         ///< RSS 2.0 or Atom
};

/// Field "vendor" of a probe file.
struct VendorPage {
  VendorFormat format = VendorFormat::statuspage;
  std::string name;  ///< who says it: "Meta"
  /// The page's id or name of a product → our platforms. "*" stands for everything on the page.
  std::map<std::string, std::vector<std::string>> concerns;
};
const json::Shape<VendorPage>& vendor_page_shape();

/// What the page says of our platforms, at most 100 claims. The error in words: why this is not such a page, or says
/// nothing of what is asked.
Expected<std::vector<VendorClaim>, std::string> read_vendor_page(const VendorPage& page, std::string_view body);

}  // namespace outaged::probe

namespace outaged {
template <>
inline constexpr auto kEnumNames<probe::VendorFormat> = std::to_array<std::string_view>({"metastatus", "statuspage",
                                                                                         "feed"});
}  // namespace outaged
