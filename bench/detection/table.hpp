#pragma once
// One line of the table of detection: many scores of one kind of stream, summed up.
#include <string>
#include <vector>

#include "detection/judge.hpp"

namespace outaged::bench {

class Row {
 public:
  explicit Row(std::string name) : name_(std::move(name)) {}
  void add(const Score& score);
  [[nodiscard]] static std::string head();
  [[nodiscard]] std::string text() const;

 private:
  std::string name_;
  std::vector<double> detect_;   ///< seconds; infinity when missed
  std::vector<double> recover_;  ///< seconds
  std::vector<double> covered_;
  int missed_ = 0;
  int never_closed_ = 0;
  int early_ = 0;
  int strangers_ = 0;
  double incidents_ = 0;
  double messages_ = 0;
  double all_clears_ = 0;
  double named_ = 0;
  double right_ = 0;
  double hit_ = 0;
};

}  // namespace outaged::bench
