// Puts what stages that know measures and appraisal tools say of rows to the cells they speak of.
#include "bundle/check_context.hpp"

namespace assay::bundle {

void check_stages(Context& context) {
    for (const auto stage : context.vocabulary.stages)
        for (model::RowMessage& message : stage(context.review))
            if (!context.failed(message.row, message.field))
                context.complain(message.code, message.row, message.field, std::move(message.message),
                                 std::move(message.hint));
}

} // namespace assay::bundle
