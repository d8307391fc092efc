import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {latinDigits} from "../latin_digits";

import {Component} from "@odoo/owl";

/** The service's own questions with their answers; the questions themselves are never written from here. */
export class AnswersField extends Component {
    static template = "amlaj_beneficiary.AnswersField";
    static props = {...standardFieldProps};

    get content() {
        return this.props.record.data[this.props.name] || {};
    }

    get questions() {
        return this.content.questions || [];
    }

    get values() {
        return this.content.values || {};
    }

    inputId(question) {
        return `${this.props.id || this.props.name}_${question.name}`;
    }

    inputType(question) {
        return {integer: "text", float: "text", date: "date"}[question.type] || "text";
    }

    shown(question) {
        const value = this.values[question.name];
        if (question.type === "selection") {
            return question.selection.find(([key]) => key === value)?.[1] || "";
        }
        return value ?? "";
    }

    asValue(question, target) {
        if (question.type === "boolean") {
            return target.checked;
        }
        const text = target.value.trim();
        if (!["integer", "float"].includes(question.type)) {
            return text || false;
        }
        const latin = latinDigits(text).replace(/[٬,]/g, "").replace("٫", ".");
        const number = Number(latin);
        const isRight =
            latin !== "" && (question.type === "integer" ? Number.isInteger(number) : Number.isFinite(number));
        target.classList.toggle("is-invalid", text !== "" && !isRight);
        return isRight ? number : false;
    }

    onChange(question, ev) {
        const values = {...this.values, [question.name]: this.asValue(question, ev.target)};
        return this.props.record.update({[this.props.name]: {...this.content, values}});
    }
}

registry.category("fields").add("amlaj_answers", {
    component: AnswersField,
    supportedTypes: ["json"],
});
