#include "notify/plain.hpp"

namespace outaged::notify {

std::string plain_text(const Wording& wording) {
  std::string out;
  const auto begin_block = [&out] {
    if (!out.empty()) out += '\n';
  };
  for (const auto& paragraph : wording.paragraphs) {
    begin_block();
    out += paragraph + '\n';
  }
  if (!wording.points.empty()) begin_block();
  for (const auto& point : wording.points) out += "\u2022 " + point + '\n';
  if (!wording.facts.empty()) begin_block();
  for (const auto& [label, value] : wording.facts) out += label + ": " + value + '\n';
  begin_block();
  if (!wording.link.empty()) out += wording.link_label + ": " + wording.link + '\n';
  if (!wording.acknowledge_link.empty()) out += wording.acknowledge_label + ": " + wording.acknowledge_link + '\n';
  return out + wording.footer + '\n';
}

}  // namespace outaged::notify
