#include "probe/h264.hpp"

#include <bit>

namespace outaged::probe::h264 {
namespace {

// nal_unit_type (table 7-1)
constexpr std::uint32_t kSlice = 1;
constexpr std::uint32_t kIdrSlice = 5;
constexpr std::uint32_t kSequenceParameters = 7;
constexpr std::uint32_t kPictureParameters = 8;

constexpr unsigned kFrameNumberBits = 4;         // log2_max_frame_num
constexpr std::uint32_t kRawMacroblock = 25;     // mb_type I_PCM in an I slice (table 7-11)
constexpr std::size_t kMacroblockSamples = 384;  // 16x16 luma, two times 8x8 chroma

/// The syntax elements of 7.2 and 9.1, written bit by bit.
class BitWriter {
 public:
  void bits(std::uint32_t value, unsigned count) {
    for (unsigned i = count; i-- > 0;) bit((value >> i) & 1U);
  }
  /// ue(v), Exp-Golomb (9.1).
  void unsigned_golomb(std::uint32_t value) {
    const auto length = static_cast<unsigned>(std::bit_width(value + 1));
    bits(0, length - 1);
    bits(value + 1, length);
  }
  /// se(v) of zero, the only one needed.
  void signed_golomb_zero() { unsigned_golomb(0); }
  void align_with_zeros() {
    while (used_ != 0) bit(0);
  }
  void byte(std::uint8_t value) { out_ += static_cast<char>(value); }  // aligned only
  /// rbsp_trailing_bits (7.3.2.11).
  std::string finish() && {
    bit(1);
    align_with_zeros();
    return std::move(out_);
  }

 private:
  void bit(std::uint32_t value) {
    if (used_ == 0) out_ += '\0';
    out_.back() = static_cast<char>(static_cast<unsigned char>(out_.back()) | (value << (7 - used_)));
    used_ = (used_ + 1) % 8;
  }
  std::string out_;
  unsigned used_ = 0;  // bits of the last byte
};

/// nal_unit (7.3.1): header, and the payload with 03 put in wherever it would look like a start code.
std::string unit(std::uint32_t type, const std::string& payload) {
  constexpr std::uint32_t kReference = 3;  // nal_ref_idc: all our pictures are referred to
  std::string out(1, static_cast<char>((kReference << 5U) | type));
  out.reserve(payload.size() + 8);
  int zeros = 0;
  for (const char c : payload) {
    const auto value = static_cast<unsigned char>(c);
    if (zeros == 2 && value <= 3) {
      out += '\x03';
      zeros = 0;
    }
    out += c;
    zeros = value == 0 ? zeros + 1 : 0;
  }
  return out;
}

/// slice_header (7.3.3) for one slice that is the whole picture.
void slice_header(BitWriter& out, std::uint32_t slice_type, std::uint32_t frame_number, bool idr, unsigned idr_id) {
  out.unsigned_golomb(0);           // first_mb_in_slice
  out.unsigned_golomb(slice_type);  // 5: P, 7: I, and all slices of the picture alike (table 7-6)
  out.unsigned_golomb(0);           // pic_parameter_set_id
  out.bits(frame_number, kFrameNumberBits);
  if (idr) {
    out.unsigned_golomb(idr_id);
    out.bits(0, 2);  // dec_ref_pic_marking: no_output_of_prior_pics_flag, long_term_reference_flag
  } else {
    out.bits(0, 1);  // num_ref_idx_active_override_flag
    out.bits(0, 1);  // ref_pic_list_modification_flag_l0
    out.bits(0, 1);  // dec_ref_pic_marking: adaptive_ref_pic_marking_mode_flag
  }
  out.signed_golomb_zero();  // slice_qp_delta
  out.unsigned_golomb(1);    // disable_deblocking_filter_idc: noise is to stay noise
}

}  // namespace

std::string sequence_parameters(Format format) {
  BitWriter out;
  out.bits(kProfile, 8);
  out.bits(kCompatibility, 8);  // constraint_set0_flag, constraint_set1_flag
  out.bits(kLevel, 8);
  out.unsigned_golomb(0);                     // seq_parameter_set_id
  out.unsigned_golomb(kFrameNumberBits - 4);  // log2_max_frame_num_minus4
  out.unsigned_golomb(2);                     // pic_order_cnt_type: output in decoding order
  out.unsigned_golomb(1);                     // max_num_ref_frames
  out.bits(0, 1);                             // gaps_in_frame_num_value_allowed_flag
  out.unsigned_golomb(format.width - 1);
  out.unsigned_golomb(format.height - 1);
  out.bits(1, 1);  // frame_mbs_only_flag
  out.bits(1, 1);  // direct_8x8_inference_flag
  out.bits(0, 1);  // frame_cropping_flag
  out.bits(0, 1);  // vui_parameters_present_flag
  return unit(kSequenceParameters, std::move(out).finish());
}

std::string picture_parameters() {
  BitWriter out;
  out.unsigned_golomb(0);    // pic_parameter_set_id
  out.unsigned_golomb(0);    // seq_parameter_set_id
  out.bits(0, 1);            // entropy_coding_mode_flag: CAVLC
  out.bits(0, 1);            // bottom_field_pic_order_in_frame_present_flag
  out.unsigned_golomb(0);    // num_slice_groups_minus1
  out.unsigned_golomb(0);    // num_ref_idx_l0_default_active_minus1
  out.unsigned_golomb(0);    // num_ref_idx_l1_default_active_minus1
  out.bits(0, 1);            // weighted_pred_flag
  out.bits(0, 2);            // weighted_bipred_idc
  out.signed_golomb_zero();  // pic_init_qp_minus26
  out.signed_golomb_zero();  // pic_init_qs_minus26
  out.signed_golomb_zero();  // chroma_qp_index_offset
  out.bits(1, 1);            // deblocking_filter_control_present_flag
  out.bits(0, 1);            // constrained_intra_pred_flag
  out.bits(0, 1);            // redundant_pic_cnt_present_flag
  return unit(kPictureParameters, std::move(out).finish());
}

std::string noise_keyframe(Format format, unsigned number, Random& random) {
  constexpr std::uint32_t kIntra = 7;
  BitWriter out;
  slice_header(out, kIntra, 0, true, number % 2);
  for (unsigned i = 0; i < format.width * format.height; ++i) {
    out.unsigned_golomb(kRawMacroblock);
    out.align_with_zeros();
    for (std::size_t sample = 0; sample < kMacroblockSamples; sample += 8) {
      // 16 to 234: within video range, and never a byte that could need 03 before it.
      for (std::uint64_t word = random(), k = 0; k < 8; ++k, word >>= 8U)
        out.byte(static_cast<std::uint8_t>(16 + (word & 0xFFU) * 219 / 256));
    }
  }
  return unit(kIdrSlice, std::move(out).finish());
}

std::size_t keyframe_size(Format format, unsigned number) {
  // The samples change nothing in the length: take a picture of one macroblock and add what the others need, which is
  // two bytes of type (aligned from a byte boundary) and the samples.
  Random any{0};
  const std::size_t one = noise_keyframe({1, 1}, number, any).size();
  return one + (std::size_t{format.width} * format.height - 1) * (2 + kMacroblockSamples);
}

std::string repeated_picture(Format format, unsigned since_keyframe) {
  constexpr std::uint32_t kPredicted = 5;
  BitWriter out;
  slice_header(out, kPredicted, since_keyframe % (1U << kFrameNumberBits), false, 0);
  out.unsigned_golomb(format.width * format.height);  // mb_skip_run: all of them (7.3.4)
  return unit(kSlice, std::move(out).finish());
}

}  // namespace outaged::probe::h264
