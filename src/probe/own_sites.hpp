#pragma once
// The owner's own web sites: one line of configuration makes two probes of each,
//   own.NAME              component own/NAME: the page answers, with what it should hold, in time;
//   own.NAME-certificate  component own/NAME-certificate: the certificate lasts (https only).
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "probe/definition.hpp"

namespace outaged::probe {

struct OwnSite {
  std::string url;
  std::string contains;  ///< text of the healthy page; empty: any page
  Micros interval = std::chrono::minutes{1};
  Micros latency = std::chrono::seconds{5};
  Micros certificate = std::chrono::hours{24 * 14};
};
using OwnSites = std::map<std::string, OwnSite>;

const json::Shape<OwnSites>& own_sites_shape();

std::vector<Definition> own_site_probes(const std::string& name, const OwnSite& site);

}  // namespace outaged::probe
