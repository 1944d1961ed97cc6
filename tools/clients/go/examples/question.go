package main

import (
	"fmt"
	"strings"

	chat "synod.example/client/gen/synod/chat/v1"
	model "synod.example/client/gen/synod/model/v1"
)

// question is one question to a panel or one model.
func question(asked, text string) *chat.ChatRequest {
	part := &model.ContentPart{Content: &model.ContentPart_Text{Text: text}}
	turn := &model.Message{Role: model.Role_ROLE_USER, Parts: []*model.ContentPart{part}}
	return &chat.ChatRequest{Model: asked, Messages: []*model.Message{turn}}
}

// told is an answer, and how far the panel agrees on it.
func told(answer *chat.ChatResponse) string {
	var text strings.Builder
	for _, part := range answer.GetMessage().GetParts() {
		text.WriteString(part.GetText())
	}
	consensus := answer.GetConsensus()
	if consensus == nil {
		return text.String()
	}
	agreement := "unknown"
	if consensus.AgreementRatio != nil {
		agreement = fmt.Sprintf("%.2f", consensus.GetAgreementRatio())
	}
	return fmt.Sprintf("%s\n%s, agreement %s, %d calls",
		text.String(), consensus.GetStrategy(), agreement, consensus.GetCallsMade())
}
